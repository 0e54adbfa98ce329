/* SPDX-License-Identifier: Apache-2.0
 * Working days: every day but Saturdays, Sundays and the days on which the office is closed
 * (閉庁日, the table holiday; store_holiday_set()). Pure; dates are ISO days of the calendar in
 * Japan. */
#pragma once

#include <glib.h>

/* So many days are looked at for the next working day; beyond them the day stays as it is. Whoever
 * fetches @closed takes them on either side: a closed office has no end. */
#define WORKDAY_CLOSED_MAX 60

/* TRUE for a day on which the office is open. @closed holds ISO dates as char *; NULL = none. */
gboolean workday_is(const char *date, GHashTable *closed);
/* @date itself, or the first working day after it. Free with g_free. */
char *workday_from(const char *date, GHashTable *closed);
/* @date itself, or the last working day before it. Free with g_free. */
char *workday_until(const char *date, GHashTable *closed);
/* The @days-th working day after @date (before it when negative), which need not be one itself; 0
 * is workday_from(). Free with g_free. */
char *workday_add(const char *date, int days, GHashTable *closed);
/* How many working days lie after @from up to and with @to; negative when @to is before @from. */
int workday_between(const char *from, const char *to, GHashTable *closed);
