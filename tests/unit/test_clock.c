/* SPDX-License-Identifier: Apache-2.0
 * Japanese civil time: constant +09:00 whatever TZ says, days that exist, months that end. */
#include <stdlib.h>
#include <time.h>

#include "daemon/base/clock.h"

static void check_text(char *given, const char *expected)
{
	g_assert_cmpstr(given, ==, expected);
	g_free(given);
}

/* 2026-11-21T00:30:00Z */
#define MOMENT 1795221000

static void test_moment(void)
{
	static const char *const zones[] = { "UTC", "Asia/Tokyo", "America/New_York", NULL };

	for (int i = 0; zones[i] != NULL; i++) {
		setenv("TZ", zones[i], 1);
		tzset();
		check_text(clock_date(MOMENT), "2026-11-21");
		check_text(clock_time(MOMENT), "2026-11-21T09:30:00+09:00");
		g_assert_cmpint(clock_day_start("2026-11-21"), ==, MOMENT - 9 * 3600 - 1800);
		g_assert_cmpint(clock_year(MOMENT), ==, 2026);
	}
}

static void test_midnight(void)
{
	gint64 start = clock_day_start("2027-01-01");

	check_text(clock_date(start), "2027-01-01");
	check_text(clock_date(start - 1), "2026-12-31");
	check_text(clock_time(start - 1), "2026-12-31T23:59:59+09:00");
	check_text(clock_time(start), "2027-01-01T00:00:00+09:00");
	g_assert_cmpint(clock_year(start - 1), ==, 2026);
	g_assert_cmpint(clock_year(start), ==, 2027);
	g_assert_cmpint(clock_day_start("1970-01-01"), ==, -9 * 3600);
}

static void test_dates(void)
{
	static const char *const good[] = { "2026-11-21", "2028-02-29", "2000-02-29", "1868-10-23",
					    "9999-12-31" };
	static const char *const bad[] = {
		"",           "2026-11-31",  "2027-02-29",  "1900-02-29",
		"2026-00-10", "2026-13-01",  "2026-1-1",    "2026-11-00",
		"26-11-21",   "2026/11/21",  "2026-11-21 ", " 2026-11-21",
		"2026-11-2x", "1867-12-31",  "0000-01-01",  "２０２６-11",
		"+026-11-21", "2026-11-211",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		g_assert_true(clock_is_date(good[i]));
		check_text(clock_date(clock_day_start(good[i])), good[i]);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_test_message("%s", bad[i]);
		g_assert_false(clock_is_date(bad[i]));
	}
	g_assert_false(clock_is_date(NULL));
	g_assert_cmpint(clock_day_start("2026-11-31"), ==, -1);
	g_assert_cmpint(clock_day_start(NULL), ==, -1);
}

static void test_days(void)
{
	check_text(clock_add_days("2026-11-21", 14), "2026-12-05");
	check_text(clock_add_days("2026-12-31", 1), "2027-01-01");
	check_text(clock_add_days("2028-02-28", 1), "2028-02-29");
	check_text(clock_add_days("2028-03-01", -1), "2028-02-29");
	check_text(clock_add_days("2026-11-21", 0), "2026-11-21");
	check_text(clock_add_days("2026-11-21", -365), "2025-11-21");
}

static void test_months(void)
{
	check_text(clock_add_months("2026-08-31", 6), "2027-02-28");
	check_text(clock_add_months("2027-08-31", 6), "2028-02-29");
	check_text(clock_add_months("2026-01-31", 1), "2026-02-28");
	check_text(clock_add_months("2026-03-31", -1), "2026-02-28");
	check_text(clock_add_months("2026-11-21", 12), "2027-11-21");
	check_text(clock_add_months("2026-11-21", 0), "2026-11-21");
}

/* Each day follows the one before by exactly 86,400 seconds: no summer time, no gap. */
static void test_no_gaps(void)
{
	g_autofree char *day = g_strdup("2024-01-01");
	gint64 start = clock_day_start(day);

	for (int i = 0; i < 3000; i++) {
		char *next = clock_add_days(day, 1);

		g_assert_cmpint(clock_day_start(next), ==, start + 86400);
		start += 86400;
		g_free(day);
		day = next;
	}
}

static void test_now(void)
{
	gint64 before = (gint64) time(NULL), now = clock_now();

	g_assert_cmpint(now, >=, before);
	g_assert_cmpint(now, <=, (gint64) time(NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/clock/moment", test_moment);
	g_test_add_func("/clock/midnight", test_midnight);
	g_test_add_func("/clock/dates", test_dates);
	g_test_add_func("/clock/days", test_days);
	g_test_add_func("/clock/months", test_months);
	g_test_add_func("/clock/no-gaps", test_no_gaps);
	g_test_add_func("/clock/now", test_now);
	return g_test_run();
}
