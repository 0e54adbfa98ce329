/* SPDX-License-Identifier: Apache-2.0
 * Working days over the calendar from 2024 to 2031 with Japan's public holidays, against a count by
 * hand of the days between them. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/core/workday.h"

/* Fixed days of 国民の祝日 (1948 Act No. 178, as of 2024). */
static const char *const fixed[] = { "01-01", "02-11", "02-23", "04-29", "05-03",
				     "05-04", "05-05", "08-11", "11-03", "11-23" };
/* The n-th Monday of the month: 成人の日, 海の日, 敬老の日, スポーツの日. */
static const struct {
	int month;
	int n;
} mondays[] = { { 1, 2 }, { 7, 3 }, { 9, 3 }, { 10, 2 } };
/* Equinoxes as the National Astronomical Observatory gives them, 2024 to 2031. */
static const char *const equinoxes[] = { "2024-03-20", "2024-09-22", "2025-03-20", "2025-09-23",
					 "2026-03-20", "2026-09-23", "2027-03-21", "2027-09-23",
					 "2028-03-20", "2028-09-22", "2029-03-20", "2029-09-23",
					 "2030-03-20", "2030-09-23", "2031-03-21", "2031-09-23" };

static int weekday(const char *date)
{
	return (int) ((clock_day_start(date) / 86400 + 1 + 4) % 7); /* 0 = Sunday */
}

static void add(GHashTable *days, char *date)
{
	g_hash_table_add(days, date);
}

/* 振替休日 and the day between two holidays (Art. 3 (2), (3)), then the year's turn. */
static GHashTable *holidays(void)
{
	GHashTable *days = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) more = g_ptr_array_new_with_free_func(g_free);

	for (int year = 2024; year <= 2031; year++) {
		for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
			add(days, g_strdup_printf("%d-%s", year, fixed[i]));
		for (gsize i = 0; i < G_N_ELEMENTS(mondays); i++) {
			g_autofree char *first =
				g_strdup_printf("%d-%02d-01", year, mondays[i].month);
			int shift = (8 - weekday(first)) % 7 + 7 * (mondays[i].n - 1);

			add(days, clock_add_days(first, shift));
		}
	}
	for (gsize i = 0; i < G_N_ELEMENTS(equinoxes); i++)
		add(days, g_strdup(equinoxes[i]));
	for (int i = 0; i < 8 * 366; i++) {
		g_autofree char *day = clock_add_days("2024-01-01", i);
		g_autofree char *before = clock_add_days(day, -1);
		g_autofree char *after = clock_add_days(day, 1);
		g_autofree char *sunday = g_strdup(before);

		/* Golden Week: a Sunday's holiday moves behind all that follow it. */
		while (g_hash_table_contains(days, sunday) && weekday(sunday) != 0) {
			char *earlier = clock_add_days(sunday, -1);

			g_free(sunday);
			sunday = earlier;
		}
		if (!g_hash_table_contains(days, day) && g_hash_table_contains(days, before) &&
		    ((g_hash_table_contains(days, sunday) && weekday(sunday) == 0) ||
		     g_hash_table_contains(days, after)))
			g_ptr_array_add(more, g_strdup(day));
	}
	for (guint i = 0; i < more->len; i++)
		add(days, g_strdup(more->pdata[i]));
	for (int year = 2024; year <= 2031; year++)
		for (int i = 0; i < 5; i++) {
			static const char *const turn[] = { "12-29", "12-30", "12-31", "01-02",
							    "01-03" };

			add(days, g_strdup_printf("%d-%s", year, turn[i]));
		}
	return days;
}

static void check(char *got, const char *wanted)
{
	g_assert_cmpstr(got, ==, wanted);
	g_free(got);
}

/* The Cabinet Office's own list has these. */
static void test_calendar(void)
{
	static const char *const closed[] = { "2024-02-12", "2024-05-06", "2024-09-23",
					      "2025-05-06", "2026-05-06", "2026-09-22",
					      "2027-03-22", "2029-09-24", "2030-05-06" };
	g_autoptr(GHashTable) days = holidays();

	for (gsize i = 0; i < G_N_ELEMENTS(closed); i++)
		if (!g_hash_table_contains(days, closed[i]))
			g_error("%s is a holiday", closed[i]);
	g_assert_true(workday_is("2026-05-07", days));
	g_assert_false(workday_is("2026-05-06", days));
	g_assert_false(workday_is("2026-05-09", days));
	g_assert_true(workday_is("2026-05-06", NULL));
}

static void test_moved_over_golden_week_and_new_year(void)
{
	g_autoptr(GHashTable) days = holidays();

	check(workday_from("2026-05-02", days), "2026-05-07");
	check(workday_until("2026-05-06", days), "2026-05-01");
	check(workday_from("2026-12-29", days), "2027-01-04");
	check(workday_until("2027-01-03", days), "2026-12-28");
	check(workday_from("2026-05-07", days), "2026-05-07");
	check(workday_add("2026-04-28", 1, days), "2026-04-30");
	check(workday_add("2026-04-28", 3, days), "2026-05-07");
	check(workday_add("2026-05-07", -3, days), "2026-04-28");
	check(workday_add("2026-05-02", 0, days), "2026-05-07");
	check(workday_add("2026-05-02", 1, days), "2026-05-07");
}

/* Every day of the eight years: steps are neighbours, there and back. */
static void test_every_day(void)
{
	g_autoptr(GHashTable) days = holidays();
	g_autofree char *day = g_strdup("2024-01-04");
	int working = 0;

	while (strcmp(day, "2031-12-28") < 0) {
		g_autofree char *next = workday_add(day, 1, days);
		g_autofree char *back = workday_add(next, -1, days);
		g_autofree char *last = workday_until(day, days);
		char *tomorrow = clock_add_days(day, 1);

		g_assert_cmpstr(back, ==, last);
		g_assert_true(workday_is(next, days));
		g_assert_cmpint(workday_between(day, next, days), ==, 1);
		g_assert_cmpint(workday_between(next, day, days), ==, -1);
		working += workday_is(day, days) ? 1 : 0;
		g_free(day);
		day = tomorrow;
	}
	g_assert_cmpint(workday_between("2024-01-03", "2031-12-27", days), ==, working);
	/* About 242 a year: 365 less 104 of weekends, some 16 holidays and the year's turn. */
	g_assert_cmpint(working, >, 8 * 238);
	g_assert_cmpint(working, <, 8 * 247);
}

static void test_office_that_is_always_closed(void)
{
	g_autoptr(GHashTable) days = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (int i = -200; i < 200; i++)
		add(days, clock_add_days("2026-06-01", i));
	check(workday_from("2026-06-01", days), "2026-07-31");
	check(workday_until("2026-06-01", days), "2026-04-02");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/workday/calendar", test_calendar);
	g_test_add_func("/workday/moved", test_moved_over_golden_week_and_new_year);
	g_test_add_func("/workday/every-day", test_every_day);
	g_test_add_func("/workday/always-closed", test_office_that_is_always_closed);
	return g_test_run();
}
