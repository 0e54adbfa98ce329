/* SPDX-License-Identifier: Apache-2.0
 * The only reader of the wall clock, and Japanese civil time. Japan has had no summer time since
 * 1951, so the constant +09:00 needs no time zone data. */
#include "daemon/base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#define JAPAN_SECONDS (9 * 3600)

gint64 clock_now(void)
{
	return (gint64) time(NULL);
}

gint64 clock_elapsed(void)
{
	struct timespec elapsed = { 0 };

	(void) clock_gettime(CLOCK_BOOTTIME, &elapsed);
	return (gint64) elapsed.tv_sec;
}

ClockSync clock_sync(void)
{
	struct timex facts = { .modes = 0 };
	int state = adjtimex(&facts);

	if (state == -1)
		return CLOCK_SYNC_UNKNOWN;
	return state == TIME_ERROR ? CLOCK_SYNC_NO : CLOCK_SYNC_YES;
}

static GDateTime *japan(gint64 at)
{
	return g_date_time_new_from_unix_utc(at + JAPAN_SECONDS);
}

char *clock_date(gint64 at)
{
	g_autoptr(GDateTime) time = japan(at);

	return g_date_time_format(time, "%Y-%m-%d");
}

char *clock_time(gint64 at)
{
	g_autoptr(GDateTime) time = japan(at);

	return g_date_time_format(time, "%Y-%m-%dT%H:%M:%S+09:00");
}

static gboolean parse(const char *date, GDate *ret_day)
{
	if (date == NULL || strlen(date) != 10)
		return FALSE;
	for (int i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? date[i] != '-' : !g_ascii_isdigit(date[i]))
			return FALSE;
	int year = atoi(date), month = atoi(date + 5), day = atoi(date + 8);

	if (year < 1868 || !g_date_valid_dmy((GDateDay) day, (GDateMonth) month, (GDateYear) year))
		return FALSE;
	g_date_clear(ret_day, 1);
	g_date_set_dmy(ret_day, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
	return TRUE;
}

static char *format(const GDate *day)
{
	return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(day), g_date_get_month(day),
			       g_date_get_day(day));
}

gboolean clock_is_date(const char *date)
{
	GDate day;

	return parse(date, &day);
}

gint64 clock_day_start(const char *date)
{
	GDate day;

	if (!parse(date, &day))
		return -1;
	g_autoptr(GDateTime) start = g_date_time_new_utc(
		g_date_get_year(&day), (int) g_date_get_month(&day), g_date_get_day(&day), 0, 0, 0);
	return g_date_time_to_unix(start) - JAPAN_SECONDS;
}

char *clock_add_days(const char *date, int days)
{
	GDate day;

	g_return_val_if_fail(parse(date, &day), NULL);
	if (days >= 0)
		g_date_add_days(&day, (guint) days);
	else
		g_date_subtract_days(&day, (guint) -days);
	return format(&day);
}

char *clock_add_months(const char *date, int months)
{
	GDate day;

	g_return_val_if_fail(parse(date, &day), NULL);
	if (months >= 0)
		g_date_add_months(&day, (guint) months);
	else
		g_date_subtract_months(&day, (guint) -months);
	return format(&day);
}

int clock_year(gint64 at)
{
	g_autoptr(GDateTime) time = japan(at);

	return g_date_time_get_year(time);
}
