/* SPDX-License-Identifier: Apache-2.0
 * The only reader of the wall clock, and Japanese civil time (always +09:00, no time zone files).
 * Everything below main gets the present time as a parameter, in seconds since the epoch. */
#pragma once

#include <glib.h>

/* Present time in seconds since the epoch. */
gint64 clock_now(void);
/* Seconds since the machine started, asleep or not; nobody can set them. */
gint64 clock_elapsed(void);

typedef enum ClockSync {
	CLOCK_SYNC_UNKNOWN, /* the kernel does not tell (a sandbox) */
	CLOCK_SYNC_NO,
	CLOCK_SYNC_YES,
	_CLOCK_SYNC_MAX,
} ClockSync;
/* Whether something (chrony, timesyncd) keeps the kernel's clock right (N77). */
ClockSync clock_sync(void);

/* "2026-11-21", the civil day in Japan of @at. Free with g_free. */
char *clock_date(gint64 at);
/* "2026-11-21T09:30:00+09:00". Free with g_free. */
char *clock_time(gint64 at);
/* 00:00:00 in Japan of the ISO date @date; -1 when it is no date of the calendar. */
gint64 clock_day_start(const char *date);
/* TRUE for "yyyy-mm-dd" of a day that exists. */
gboolean clock_is_date(const char *date);
/* The day @days after @date (before it when negative). @date must be a date. Free with g_free. */
char *clock_add_days(const char *date, int days);
/* The day @months after @date, clipped to the end of the month. @date must be a date. */
char *clock_add_months(const char *date, int months);
/* The calendar year of @at in Japan. */
int clock_year(gint64 at);
