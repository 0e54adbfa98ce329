/* SPDX-License-Identifier: Apache-2.0
 * Deadlines of PINs and the warnings before them. */
#include "daemon/core/rotation.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/core/workday.h"

#define DAY          86400
#define WARNING_DAYS 30
#define LONGEST_DAYS 400 /* no deadline is further away from its change */

static const int stages[ROTATION_WARNINGS] = { 30, 14, 7, 3, 1 };

/* The last day of the half of the fiscal year in which @date lies. */
static char *half_end(const char *date)
{
	int year = (int) g_ascii_strtoll(date, NULL, 10);
	const char *day = date + strlen("yyyy-");

	if (strcmp(day, "04-01") < 0)
		return g_strdup_printf("%04d-03-31", year);
	if (strcmp(day, "10-01") < 0)
		return g_strdup_printf("%04d-09-30", year);
	return g_strdup_printf("%04d-03-31", year + 1);
}

char *rotation_due(const Rotation *rotation, const char *changed_on)
{
	g_autofree char *end = NULL;
	g_autofree char *next = NULL;

	switch (rotation->kind) {
	case ROTATION_SIX_MONTHS:
		return pin_due_date(changed_on);
	case ROTATION_FISCAL_HALF:
		end = half_end(changed_on);
		next = clock_add_days(end, 1);
		return half_end(next);
	case ROTATION_DAYS:
		return clock_add_days(changed_on, rotation->days);
	case ROTATION_EVENT_ONLY:
	case _ROTATION_KIND_MAX:
		break;
	}
	return NULL;
}

/* Deadlines never go back when the day of the change goes on, so one border settles all days. */
gint64 rotation_changed_before(const Rotation *rotation, const char *date)
{
	g_autofree char *first = clock_add_days(date, -LONGEST_DAYS);
	g_autofree char *border = NULL;
	int late = 0, early = LONGEST_DAYS + 1;

	if (rotation->kind == ROTATION_EVENT_ONLY)
		return 0;
	while (early - late > 1) {
		int middle = (late + early) / 2;
		g_autofree char *day = clock_add_days(first, middle);
		g_autofree char *due = rotation_due(rotation, day);

		if (strcmp(due, date) < 0)
			late = middle;
		else
			early = middle;
	}
	border = clock_add_days(first, late);
	return clock_day_start(border) + DAY - 1;
}

gint64 rotation_held_before(const Rotation *rotation, const char *date)
{
	g_autofree char *day = clock_add_days(date, -rotation->grace_days);

	return rotation_changed_before(rotation, day);
}

const char *rotation_shown(const Rotation *rotation, const Pin *pin, gint64 now)
{
	g_autofree char *today = clock_date(now);
	g_autofree char *horizon = clock_add_days(today, WARNING_DAYS + 1);

	if (pin->reset_until > now)
		return "RESET_AUTHORIZED";
	if (pin->state != PIN_SET)
		return pin_state_name(pin->state);
	if (pin->changed_at <= rotation_changed_before(rotation, today))
		return "OVERDUE";
	return pin->changed_at <= rotation_changed_before(rotation, horizon) ? "DUE" : "VALID";
}

char **rotation_warnings(const char *due, GHashTable *closed)
{
	char **days = g_new0(char *, ROTATION_WARNINGS + 1);

	for (int i = 0; i < ROTATION_WARNINGS; i++) {
		g_autofree char *day = clock_add_days(due, -stages[i]);

		days[i] = workday_until(day, closed);
	}
	return days;
}

int rotation_stage(const char *due, const char *today, GHashTable *closed, char **ret_next)
{
	g_auto(GStrv) days = rotation_warnings(due, closed);
	int stage = 0;

	*ret_next = NULL;
	for (int i = 0; i < ROTATION_WARNINGS; i++) {
		if (strcmp(days[i], today) > 0) {
			*ret_next = g_strdup(days[i]);
			break;
		}
		stage = stages[i];
	}
	return stage;
}
