/* SPDX-License-Identifier: Apache-2.0
 * The pure parts of the rules: which time can be right (N77), fiscal years and their days (T33,
 * K02), criteria of an ordered stop (N44), articles, and rules with dates. */
#include <glib/gstdio.h>

#include "daemon/base/config.h"
#include "daemon/core/article.h"
#include "daemon/core/clock_trust.h"
#include "daemon/core/stop_criterion.h"
#include "daemon/core/yearly.h"
#include "tests/unit/unit_folder.h"

#define HIGH 1800000000
#define DAY  86400

static void test_clock(void)
{
	static const struct {
		gint64 now, elapsed, ahead;
		ClockTrust wanted;
	} rows[] = {
		{ HIGH, 0, 60, CLOCK_TRUST_GOOD },
		{ HIGH - 300, 0, 60, CLOCK_TRUST_GOOD },
		{ HIGH - 301, 0, 60, CLOCK_TRUST_BEHIND },
		{ 0, 0, 60, CLOCK_TRUST_BEHIND },
		{ HIGH + 60, 0, 60, CLOCK_TRUST_GOOD },
		{ HIGH + 61, 0, 60, CLOCK_TRUST_AHEAD },
		{ HIGH + DAY, DAY, 60, CLOCK_TRUST_GOOD },
		{ HIGH + DAY + 61, DAY, 60, CLOCK_TRUST_AHEAD },
		{ HIGH + 14 * DAY, 0, 14 * DAY, CLOCK_TRUST_GOOD },
		{ HIGH + 14 * DAY + 1, 0, 14 * DAY, CLOCK_TRUST_AHEAD },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		ClockFacts facts = { rows[i].now, HIGH, rows[i].elapsed, 300, rows[i].ahead };

		g_assert_cmpint(clock_trust_judge(&facts), ==, rows[i].wanted);
	}
}

static void check_day(int year, gint64 month_day, const char *wanted)
{
	g_autofree char *day = yearly_day(year, month_day);

	g_assert_cmpstr(day, ==, wanted);
}

static void test_fiscal_year(void)
{
	g_autofree char *begin = yearly_begin(2026);
	g_autofree char *end = yearly_end(2026);

	g_assert_cmpint(yearly_fiscal_year("2026-03-31"), ==, 2025);
	g_assert_cmpint(yearly_fiscal_year("2026-04-01"), ==, 2026);
	g_assert_cmpint(yearly_fiscal_year("2027-01-01"), ==, 2026);
	g_assert_cmpstr(begin, ==, "2026-04-01");
	g_assert_cmpstr(end, ==, "2027-03-31");
	check_day(2026, 331, "2027-03-31");
	check_day(2026, 430, "2026-04-30");
	check_day(2026, 1231, "2026-12-31");
}

static void test_yearly_table(void)
{
	YearlyKind kind;

	for (int i = 0; i < _YEARLY_KIND_MAX; i++) {
		const YearlyRow *row = yearly_row((YearlyKind) i);

		g_assert_true(yearly_parse(row->name, &kind) && (int) kind == i);
		g_assert_true(article_is_known(row->article));
		g_assert_cmpuint(row->done_by, !=, 0);
	}
	g_assert_false(yearly_parse("party", &kind));
}

static void test_articles(void)
{
	static const char *const good[] = { "T01", "T50", "I25", "K14", "H20", "N87" };
	static const char *const bad[] = { "",    "T",   "T00", "T51", "I26",  "K15",      "H21",
					   "N88", "X01", "T1",  "t01", "T011", "T13, N05", "N-1" };

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		g_assert_true(article_is_known(good[i]));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(article_is_known(bad[i]));
	g_assert_false(article_is_known(NULL));
}

static void test_criteria(void)
{
	g_autofree char *choices = stop_criterion_choices();
	g_auto(GStrv) codes = g_strsplit(choices, ", ", -1);

	g_assert_cmpuint(g_strv_length(codes), >=, 4);
	for (int i = 0; codes[i] != NULL; i++)
		g_assert_true(article_is_known(stop_criterion_find(codes[i])->article));
	g_assert_null(stop_criterion_find("mood"));
	g_assert_null(stop_criterion_find(NULL));
}

static void find_entry(const Config *config, const char *key, const char *date, ConfigEntry *ret)
{
	for (guint i = 0; config_entry_on(config, i, date, ret); i++)
		if (g_str_equal(ret->key, key))
			return;
	g_assert_not_reached();
}

static void test_versions(void)
{
	char *folder = unit_folder_new();
	g_autofree char *path = g_build_filename(folder, "opcardd.conf", NULL);
	g_autoptr(Config) config = NULL;
	g_autoptr(GError) error = NULL;
	ConfigEntry entry;

	g_assert_true(g_file_set_contents(path,
					  "[policy]\nreuse = 0\n[policy 2027-04-01]\nreuse = 1\n"
					  "yearly-audit = 12-25\n",
					  -1, NULL));
	config = config_load(path, &error);
	g_assert_no_error(error);
	find_entry(config, "reuse", "2027-03-31", &entry);
	g_assert_cmpstr(entry.section, ==, "policy");
	g_assert_cmpstr(entry.value, ==, "0");
	g_assert_cmpint(entry.line, ==, 2);
	find_entry(config, "reuse", "2027-04-01", &entry);
	g_assert_cmpstr(entry.section, ==, "policy 2027-04-01");
	g_assert_cmpstr(entry.value, ==, "1");
	g_assert_cmpint(entry.line, ==, 4);
	find_entry(config, "pin-grace", "2027-04-01", &entry);
	g_assert_null(entry.file);
	g_assert_cmpint(config_policy(config, POLICY_YEARLY_AUDIT, "2027-04-01"), ==, 1225);
	g_assert_cmpint(config_policy(config, POLICY_YEARLY_AUDIT, "2027-03-31"), ==, 331);
	g_clear_pointer(&config, config_free);
	g_assert_true(g_file_set_contents(path, "[policy]\nyearly-audit = 02-29\n", -1, NULL));
	g_assert_null(config_load(path, &error));
	g_assert_nonnull(error);
	unit_folder_remove(folder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rule/N77-clock", test_clock);
	g_test_add_func("/rule/T33-fiscal-year", test_fiscal_year);
	g_test_add_func("/rule/K02-yearly-table", test_yearly_table);
	g_test_add_func("/rule/articles", test_articles);
	g_test_add_func("/rule/N44-criteria", test_criteria);
	g_test_add_func("/rule/versions", test_versions);
	return g_test_run();
}
