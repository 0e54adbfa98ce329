/* SPDX-License-Identifier: Apache-2.0
 * The half-yearly deadline of a PIN for every day of eight years, against a count of its own: the
 * Civil Code's, in plain numbers, without any function of the product. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/core/rotation.h"

static const Rotation six_months = { .kind = ROTATION_SIX_MONTHS };

typedef struct Day {
	int year;
	int month; /* 1 to 12 */
	int day;
} Day;

static int days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	gboolean is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && is_leap ? 29 : days[month - 1];
}

static Day next_day(Day day)
{
	if (++day.day <= days_of(day.year, day.month))
		return day;
	day.day = 1;
	if (++day.month <= 12)
		return day;
	return (Day){ day.year + 1, 1, 1 };
}

static Day day_before(Day day)
{
	if (--day.day >= 1)
		return day;
	if (--day.month < 1) {
		day.month = 12;
		day.year--;
	}
	day.day = days_of(day.year, day.month);
	return day;
}

static Day six_months_on(Day day)
{
	day.month += 6;
	if (day.month > 12) {
		day.month -= 12;
		day.year++;
	}
	return day;
}

static int compare(Day a, Day b)
{
	return (a.year * 372 + a.month * 31 + a.day) - (b.year * 372 + b.month * 31 + b.day);
}

/* Civil Code 140, 143: the day of the change does not count; a period of six months from the next
 * day ends on the day before the corresponding day, or with the month that has no such day. */
static Day civil_code(Day changed)
{
	Day first = next_day(changed);
	Day end = six_months_on(first);

	if (end.day > days_of(end.year, end.month)) {
		end.day = days_of(end.year, end.month);
		return end;
	}
	return day_before(end);
}

/* The same day six months later, or the month's last. */
static Day clipped(Day changed)
{
	Day end = six_months_on(changed);

	end.day = MIN(end.day, days_of(end.year, end.month));
	return end;
}

static char *text(Day day)
{
	return g_strdup_printf("%04d-%02d-%02d", day.year, day.month, day.day);
}

static void test_every_day(void)
{
	Day last = { 2031, 12, 31 };
	int n = 0;

	for (Day day = { 2024, 1, 1 }; compare(day, last) <= 0; day = next_day(day), n++) {
		Day due = clipped(day), latest = civil_code(day);
		g_autofree char *changed = text(day);
		g_autofree char *expected = text(compare(due, latest) <= 0 ? due : latest);
		g_autofree char *given = pin_due_date(changed);

		g_assert_cmpstr(given, ==, expected);
	}
	g_assert_cmpint(n, ==, 2922);
}

static void test_pinned(void)
{
	static const char *const rows[][2] = {
		{ "2026-08-28", "2027-02-28" }, { "2026-08-29", "2027-02-28" },
		{ "2026-08-30", "2027-02-28" }, { "2026-08-31", "2027-02-28" },
		{ "2026-02-28", "2026-08-28" }, { "2027-08-29", "2028-02-29" },
		{ "2027-08-31", "2028-02-29" }, { "2028-02-29", "2028-08-29" },
		{ "2026-03-31", "2026-09-30" }, { "2026-05-31", "2026-11-30" },
		{ "2026-10-31", "2027-04-30" }, { "2026-12-31", "2027-06-30" },
		{ "2026-04-01", "2026-10-01" }, { "2026-09-30", "2027-03-30" },
		{ "2026-11-30", "2027-05-30" }, { "2026-07-01", "2027-01-01" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *due = pin_due_date(rows[i][0]);

		g_assert_cmpstr(due, ==, rows[i][1]);
	}
}

static gint64 at(const char *date, int hour, int minute, int second)
{
	gint64 start = clock_day_start(date);

	g_assert_cmpint(start, >=, 0);
	return start + hour * 3600 + minute * 60 + second;
}

/* Changed 2026-05-15: due 2026-11-15 23:59:59, announced from 2026-10-16 00:00:00 on. */
static void test_boundaries(void)
{
	static const struct {
		const char *date;
		int hour, minute, second;
		const char *shown;
	} rows[] = {
		{ "2026-05-15", 12, 0, 0, "VALID" },  { "2026-10-15", 23, 59, 59, "VALID" },
		{ "2026-10-16", 0, 0, 0, "DUE" },     { "2026-11-15", 0, 0, 0, "DUE" },
		{ "2026-11-15", 23, 59, 59, "DUE" },  { "2026-11-16", 0, 0, 0, "OVERDUE" },
		{ "2030-01-01", 0, 0, 0, "OVERDUE" },
	};
	static const struct {
		int hour, minute, second;
	} changes[] = { { 0, 0, 0 }, { 12, 0, 0 }, { 23, 59, 59 } };

	for (gsize change = 0; change < G_N_ELEMENTS(changes); change++) {
		Pin pin = { .state = PIN_SET };

		pin.changed_at = at("2026-05-15", changes[change].hour, changes[change].minute,
				    changes[change].second);
		for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
			g_assert_cmpstr(rotation_shown(&six_months, &pin,
						       at(rows[i].date, rows[i].hour,
							  rows[i].minute, rows[i].second)),
					==, rows[i].shown);
	}
}

/* The day is Japan's: 15:00 UTC is the next one there. */
static void test_day_is_japans(void)
{
	Pin pin = { .state = PIN_SET, .changed_at = at("2026-05-16", 0, 0, 0) };

	g_assert_cmpint(pin.changed_at % 86400, ==, 15 * 3600);
	g_assert_cmpstr(rotation_shown(&six_months, &pin, at("2026-11-16", 23, 59, 59)), ==, "DUE");
	pin.changed_at--;
	g_assert_cmpstr(rotation_shown(&six_months, &pin, at("2026-11-16", 23, 59, 59)), ==,
			"OVERDUE");
}

static void test_stored_states(void)
{
	gint64 long_ago = at("2020-01-01", 0, 0, 0), now = at("2026-11-21", 10, 0, 0);

	for (int i = 0; i < _PIN_STATE_MAX; i++) {
		Pin pin = { .state = (PinState) i, .changed_at = long_ago };
		PinState parsed = _PIN_STATE_MAX;

		g_assert_true(pin_state_parse(pin_state_name((PinState) i), &parsed));
		g_assert_cmpint(parsed, ==, i);
		g_assert_cmpstr(rotation_shown(&six_months, &pin, now), ==,
				i == PIN_SET ? "OVERDUE" : pin_state_name((PinState) i));
	}
	g_assert_false(pin_state_parse("VALID", &(PinState){ PIN_SET }));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pin/every-day", test_every_day);
	g_test_add_func("/pin/pinned", test_pinned);
	g_test_add_func("/pin/boundaries", test_boundaries);
	g_test_add_func("/pin/day-is-japans", test_day_is_japans);
	g_test_add_func("/pin/stored-states", test_stored_states);
	return g_test_run();
}
