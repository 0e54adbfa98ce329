/* SPDX-License-Identifier: Apache-2.0
 * Era dates: the days around every change, and every single day against ICU where it is there. */
#include "forms/era.h"

#ifdef HAVE_ICU
#include <unicode/ucal.h>
#endif

static char *format(const char *iso, EraStyle style)
{
	EraDate date;

	g_assert_true(era_parse(iso, &date));
	return era_format(&date, style);
}

/* clang-format off */
static const struct {
	const char *iso, *full, *brief;
} pinned[] = {
	{ "2026-11-20", "令和８年11月20日",   "R8.11.20" },
	{ "2026-01-02", "令和８年１月２日",   "R8.1.2" },
	{ "2028-10-10", "令和10年10月10日",   "R10.10.10" },
	{ "2019-05-01", "令和元年５月１日",   "R1.5.1" },
	{ "2019-04-30", "平成31年４月30日",   "H31.4.30" },
	{ "1989-01-08", "平成元年１月８日",   "H1.1.8" },
	{ "1989-01-07", "昭和64年１月７日",   "S64.1.7" },
	{ "1926-12-25", "昭和元年12月25日",   "S1.12.25" },
	{ "1926-12-24", "大正15年12月24日",   "T15.12.24" },
	{ "1912-07-30", "大正元年７月30日",   "T1.7.30" },
	{ "1912-07-29", "明治45年７月29日",   "M45.7.29" },
	{ "1873-01-01", "明治６年１月１日",   "M6.1.1" },
	{ "1872-12-31", "1872年12月31日",     "1872.12.31" },
	{ "2024-02-29", "令和６年２月29日",   "R6.2.29" },
};

static const char *const no_dates[] = {
	"", "2026", "2026-11", "2026-2-3", "2026-13-01", "2026-02-29", "2026-00-10", "0000-01-01",
	"2026-11-20x", "2026/11/20", "２０２６-11-20", "2026-11-20T25:00:00+09:00", "R8.11.20",
	" 2026-11-20", "2026-11-20 ",
};
/* clang-format on */

static void test_pinned(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(pinned); i++) {
		g_autofree char *full = format(pinned[i].iso, ERA_FULL);
		g_autofree char *brief = format(pinned[i].iso, ERA_SHORT);

		g_assert_cmpstr(full, ==, pinned[i].full);
		g_assert_cmpstr(brief, ==, pinned[i].brief);
	}
}

static void test_no_dates(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(no_dates); i++) {
		EraDate date = { .year = 7 };

		g_test_message("%s", no_dates[i]);
		g_assert_false(era_parse(no_dates[i], &date));
		g_assert_cmpint(date.year, ==, 7);
	}
}

static void test_time_is_japanese(void)
{
	g_autofree char *utc = format("2026-12-31T15:04:05Z", ERA_TIME);
	g_autofree char *here = format("2026-11-21T09:05:00+09:00", ERA_TIME);
	g_autofree char *bare = format("2026-11-21T23:59:59", ERA_TIME);

	g_assert_cmpstr(utc, ==, "R9.1.1 0:04");
	g_assert_cmpstr(here, ==, "R8.11.21 9:05");
	g_assert_cmpstr(bare, ==, "R8.11.21 23:59");
}

static void test_fiscal_years(void)
{
	EraDate march = { .year = 2027, .month = 3, .day = 31 };
	EraDate april = { .year = 2027, .month = 4, .day = 1 };
	g_autofree char *change = era_fiscal_year_format(2019), *now = era_fiscal_year_format(2026);
	g_autofree char *two = era_fiscal_year_format(2008);

	g_assert_cmpint(era_fiscal_year(&march), ==, 2026);
	g_assert_cmpint(era_fiscal_year(&april), ==, 2027);
	g_assert_cmpstr(change, ==, "令和元年度");
	g_assert_cmpstr(now, ==, "令和８年度");
	g_assert_cmpstr(two, ==, "平成20年度");
}

#ifdef HAVE_ICU
static const char *letter_of(int era)
{
	static const char *const letters[] = { "M", "T", "S", "H", "R" };
	const int meiji = 232; /* ICU counts from 大化 */

	g_assert_cmpint(era, >=, meiji);
	g_assert_cmpint(era, <, meiji + (int) G_N_ELEMENTS(letters));
	return letters[era - meiji];
}

static void test_every_day_as_icu(void)
{
	static const UChar utc[] = { 'U', 'T', 'C', 0 };
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *calendar = ucal_open(utc, -1, "ja_JP@calendar=japanese", UCAL_DEFAULT, &status);
	g_autoptr(GDate) day = g_date_new_dmy(1, G_DATE_JANUARY, 1873);
	guint days = 0;

	g_assert_true(U_SUCCESS(status));
	for (; g_date_get_year(day) <= 2100; g_date_add_days(day, 1), days++) {
		EraDate date = { .year = g_date_get_year(day),
				 .month = (int) g_date_get_month(day),
				 .day = g_date_get_day(day) };
		double epoch = g_date_get_julian(day) - 719163.0;
		g_autofree char *ours = era_format(&date, ERA_SHORT), *theirs = NULL;

		ucal_setMillis(calendar, epoch * 86400000, &status);
		theirs = g_strdup_printf("%s%d.%d.%d",
					 letter_of(ucal_get(calendar, UCAL_ERA, &status)),
					 ucal_get(calendar, UCAL_YEAR, &status),
					 ucal_get(calendar, UCAL_MONTH, &status) + 1,
					 ucal_get(calendar, UCAL_DATE, &status));
		g_assert_true(U_SUCCESS(status));
		g_assert_cmpstr(ours, ==, theirs);
	}
	ucal_close(calendar);
	g_assert_cmpuint(days, ==, 83275);
}
#else
static void test_every_day_as_icu(void)
{
	g_test_skip("built without libicu-dev");
}
#endif

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/era/pinned", test_pinned);
	g_test_add_func("/era/no-dates", test_no_dates);
	g_test_add_func("/era/time-is-japanese", test_time_is_japanese);
	g_test_add_func("/era/fiscal-years", test_fiscal_years);
	g_test_add_func("/era/every-day-as-icu", test_every_day_as_icu);
	return g_test_run();
}
