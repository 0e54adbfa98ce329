/* SPDX-License-Identifier: Apache-2.0
 * Japanese era dates as offices write them. */
#pragma once

#include <glib.h>

typedef enum EraStyle {
	ERA_FULL, /* 令和８年11月20日, 令和元年５月１日: one digit full-width, more half-width */
	ERA_SHORT, /* R8.11.20 */
	ERA_TIME,  /* R8.11.20 10:05 */
	ERA_CLOCK, /* 10:05 */
	ERA_YEAR,  /* 令和８年度 */
	_ERA_STYLE_MAX
} EraStyle;

typedef struct EraDate {
	int year, month, day;
	int hour, minute, second; /* 0 where only a date was given */
} EraDate;

/* Reads an ISO date (2026-11-20) or an RFC 3339 time, which is turned into +09:00 and is taken
 * as +09:00 where it names no offset. FALSE where it is neither, or no day of the calendar. */
gboolean era_parse(const char *iso, EraDate *ret_date) G_GNUC_WARN_UNUSED_RESULT;

/* The date in that style; newly allocated. Days before 1873-01-01 (the lunar calendar) are
 * written in the western way. */
char *era_format(const EraDate *date, EraStyle style);

/* 令和８年度 for a fiscal year (April to March) named by its first calendar year. */
char *era_fiscal_year_format(int fiscal_year);

/* The first calendar year of the fiscal year this day is in. */
int era_fiscal_year(const EraDate *date);
