/* SPDX-License-Identifier: Apache-2.0
 * Dates as people write them (2026-04-01, 2026/4/1, R8.4.1, 令和8年4月1日) and as the API wants
 * them, and back: 和暦 for Japanese users. */
#pragma once

#include <glib.h>

/* ISO date, or NULL if it is no date of the calendar. Full-width digits are taken. */
char *ctl_date_parse(const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* RFC 3339 from an RFC 3339 time, or from a date, a space or T and HH:MM[:SS] of Tokyo; else
 * NULL. */
char *ctl_date_parse_time(const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* An ISO date or an RFC 3339 time for people; what is neither stays as it is. Short: R8.4.1. */
char *ctl_date_show(const char *text, gboolean is_short) G_GNUC_WARN_UNUSED_RESULT;
