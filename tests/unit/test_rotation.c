/* SPDX-License-Identifier: Apache-2.0
 * Deadlines by policy, the border that stands for all of them, and warnings on working days (T27).
 * The days of the fiscal halves and of the week are written down here, not computed. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/core/rotation.h"
#include "daemon/core/workday.h"

#define DAY 86400

static const Rotation six_months = { .kind = ROTATION_SIX_MONTHS };
static const Rotation fiscal = { .kind = ROTATION_FISCAL_HALF };
static const Rotation ninety_days = { .kind = ROTATION_DAYS, .days = 90 };
static const Rotation event_only = { .kind = ROTATION_EVENT_ONLY };

static void check_due(const Rotation *rotation, const char *changed_on, const char *expected)
{
	g_autofree char *due = rotation_due(rotation, changed_on);

	g_assert_cmpstr(due, ==, expected);
}

/* T27: once in each half, so a change late in one half holds to the end of the next. */
static void test_fiscal_halves(void)
{
	check_due(&fiscal, "2026-04-01", "2027-03-31");
	check_due(&fiscal, "2026-09-30", "2027-03-31");
	check_due(&fiscal, "2026-10-01", "2027-09-30");
	check_due(&fiscal, "2026-12-31", "2027-09-30");
	check_due(&fiscal, "2027-01-01", "2027-09-30");
	check_due(&fiscal, "2027-03-31", "2027-09-30");
	check_due(&fiscal, "2028-02-29", "2028-09-30");
	check_due(&fiscal, "2028-04-01", "2029-03-31");
}

static void test_six_months(void)
{
	check_due(&six_months, "2026-08-31", "2027-02-28");
	check_due(&six_months, "2026-04-01", "2026-10-01");
}

static void test_days(void)
{
	check_due(&ninety_days, "2026-04-01", "2026-06-30");
	check_due(&ninety_days, "2027-12-01", "2028-02-29");
}

static void test_event_only_has_no_deadline(void)
{
	Pin pin = { .state = PIN_SET, .changed_at = 1 };

	check_due(&event_only, "2026-04-01", NULL);
	g_assert_cmpint(rotation_changed_before(&event_only, "2099-01-01"), ==, 0);
	g_assert_cmpstr(rotation_shown(&event_only, &pin, clock_day_start("2026-11-21")), ==,
			"VALID");
}

/* For every day of eight years: what the border says is what each single deadline says. */
static void test_border_is_exact(void)
{
	const Rotation *const rotations[] = { &six_months, &fiscal, &ninety_days };

	for (gsize n = 0; n < G_N_ELEMENTS(rotations); n++) {
		g_autofree char *day = g_strdup("2024-01-01");

		for (int i = 0; i < 2922; i++) {
			gint64 border = rotation_changed_before(rotations[n], day);
			g_autofree char *last = clock_date(border);
			g_autofree char *first = clock_date(border + 1);
			g_autofree char *last_due = rotation_due(rotations[n], last);
			g_autofree char *first_due = rotation_due(rotations[n], first);
			char *next = clock_add_days(day, 1);

			g_assert_cmpint(border + 1, ==, clock_day_start(first));
			g_assert_cmpint(strcmp(last_due, day), <, 0);
			g_assert_cmpint(strcmp(first_due, day), >=, 0);
			g_free(day);
			day = next;
		}
	}
}

/* T27: the hold waits for the grace, the list does not. */
static void test_grace(void)
{
	Rotation patient = { .kind = ROTATION_SIX_MONTHS, .grace_days = 10 };
	gint64 changed = clock_day_start("2026-05-15");

	g_assert_cmpint(rotation_changed_before(&patient, "2026-11-16"), >=, changed);
	g_assert_cmpint(rotation_held_before(&patient, "2026-11-16"), <, changed);
	g_assert_cmpint(rotation_held_before(&patient, "2026-11-25"), <, changed);
	g_assert_cmpint(rotation_held_before(&patient, "2026-11-26"), >=, changed);
	g_assert_cmpint(rotation_held_before(&six_months, "2026-11-15"), <, changed);
	g_assert_cmpint(rotation_held_before(&six_months, "2026-11-16"), >=, changed);
}

/* T28: an authorisation is shown while it is open, whatever the PIN is. */
static void test_authorisation_is_shown(void)
{
	gint64 now = clock_day_start("2026-11-21");

	for (int state = 0; state < _PIN_STATE_MAX; state++) {
		Pin pin = { .state = (PinState) state,
			    .changed_at = now - 1,
			    .reset_until = now + 1 };

		g_assert_cmpstr(rotation_shown(&six_months, &pin, now), ==, "RESET_AUTHORIZED");
		g_assert_cmpstr(rotation_shown(&six_months, &pin, now + 1), ==,
				state == PIN_SET ? "VALID" : pin_state_name((PinState) state));
	}
}

static void check_warnings(const char *due, GHashTable *closed, const char *expected)
{
	g_auto(GStrv) days = rotation_warnings(due, closed);
	g_autofree char *text = g_strjoinv(" ", days);

	g_assert_cmpstr(text, ==, expected);
}

/* 2026-10-01 is a Thursday, 2027-05-06 a Thursday after the holidays of 29 April and 3 to 5 May. */
static void test_warnings_on_working_days(void)
{
	g_autoptr(GHashTable) closed = g_hash_table_new(g_str_hash, g_str_equal);
	const char *const days[] = { "2027-04-29", "2027-05-03", "2027-05-04", "2027-05-05" };

	for (gsize i = 0; i < G_N_ELEMENTS(days); i++)
		g_hash_table_add(closed, (gpointer) days[i]);
	check_warnings("2026-10-01", NULL,
		       "2026-09-01 2026-09-17 2026-09-24 2026-09-28 2026-09-30");
	/* Three days before is a Saturday, one day before a Monday. */
	check_warnings("2026-10-06", NULL,
		       "2026-09-04 2026-09-22 2026-09-29 2026-10-02 2026-10-05");
	check_warnings("2027-05-06", NULL,
		       "2027-04-06 2027-04-22 2027-04-29 2027-05-03 2027-05-05");
	check_warnings("2027-05-06", closed,
		       "2027-04-06 2027-04-22 2027-04-28 2027-04-30 2027-04-30");
	g_assert_true(workday_is("2026-10-02", NULL));
	g_assert_false(workday_is("2026-10-03", NULL));
	g_assert_false(workday_is("2026-10-04", NULL));
	g_assert_true(workday_is("2026-10-05", NULL));
	g_assert_false(workday_is("2027-05-03", closed));
}

static void check_stage(const char *today, int expected, const char *next)
{
	g_autofree char *on = NULL;

	g_assert_cmpint(rotation_stage("2026-10-01", today, NULL, &on), ==, expected);
	g_assert_cmpstr(on, ==, next);
}

static void test_stages(void)
{
	check_stage("2026-08-31", 0, "2026-09-01");
	check_stage("2026-09-01", 30, "2026-09-17");
	check_stage("2026-09-16", 30, "2026-09-17");
	check_stage("2026-09-17", 14, "2026-09-24");
	check_stage("2026-09-24", 7, "2026-09-28");
	check_stage("2026-09-28", 3, "2026-09-30");
	check_stage("2026-09-30", 1, NULL);
	check_stage("2026-10-02", 1, NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rotation/T27-fiscal-halves", test_fiscal_halves);
	g_test_add_func("/rotation/T27-six-months", test_six_months);
	g_test_add_func("/rotation/T27-days", test_days);
	g_test_add_func("/rotation/event-only-has-no-deadline", test_event_only_has_no_deadline);
	g_test_add_func("/rotation/border-is-exact", test_border_is_exact);
	g_test_add_func("/rotation/T27-grace", test_grace);
	g_test_add_func("/rotation/T28-authorisation-is-shown", test_authorisation_is_shown);
	g_test_add_func("/rotation/T27-warnings-on-working-days", test_warnings_on_working_days);
	g_test_add_func("/rotation/stages", test_stages);
	return g_test_run();
}
