/* SPDX-License-Identifier: Apache-2.0
 * Steps over the calendar of the office. */
#include "daemon/core/workday.h"

#include <string.h>

#include "daemon/base/clock.h"

#define DAY   86400
#define JAPAN (9 * 3600)

gboolean workday_is(const char *date, GHashTable *closed)
{
	gint64 days = (clock_day_start(date) + JAPAN) / DAY;
	gint64 weekday = (days + 4) % 7; /* 1970-01-01 was a Thursday; 0 = Sunday */

	return weekday != 0 && weekday != 6 &&
	       (closed == NULL || !g_hash_table_contains(closed, date));
}

/* @date, or the first working day from it on in steps of @step days. */
static char *search(const char *date, int step, GHashTable *closed)
{
	g_autofree char *day = g_strdup(date);

	for (int i = 0; i < WORKDAY_CLOSED_MAX && !workday_is(day, closed); i++) {
		char *other = clock_add_days(day, step);

		g_free(day);
		day = other;
	}
	return g_steal_pointer(&day);
}

char *workday_from(const char *date, GHashTable *closed)
{
	return search(date, 1, closed);
}

char *workday_until(const char *date, GHashTable *closed)
{
	return search(date, -1, closed);
}

char *workday_add(const char *date, int days, GHashTable *closed)
{
	int step = days < 0 ? -1 : 1;
	char *day;

	if (days == 0)
		return workday_from(date, closed);
	day = g_strdup(date);
	for (int i = 0; i < ABS(days); i++) {
		g_autofree char *before = day;
		g_autofree char *other = clock_add_days(before, step);

		day = search(other, step, closed);
	}
	return day;
}

int workday_between(const char *from, const char *to, GHashTable *closed)
{
	gboolean is_back = strcmp(to, from) < 0;
	const char *last = is_back ? from : to;
	g_autofree char *day = g_strdup(is_back ? to : from);
	int count = 0;

	while (strcmp(day, last) < 0) {
		char *next = clock_add_days(day, 1);

		g_free(day);
		day = next;
		count += workday_is(day, closed) ? 1 : 0;
	}
	return is_back ? -count : count;
}
