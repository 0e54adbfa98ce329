/* SPDX-License-Identifier: Apache-2.0
 * A year of an office of 300 people (T18, T24, T27, N28, N30, K10, H06, I10): losses, damage,
 * transfers, leave, forgotten cards and PINs, card checks, emergency stops and the change of the
 * year, with every invariant checked each day. A failure names its seed: OPCARD_YEAR_SEED=N runs
 * that year and prints its days; OPCARD_YEAR_DAYS and OPCARD_YEAR_PEOPLE make another one. */
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/op/card_check.h"
#include "daemon/op/check_round.h"
#include "daemon/op/lend_temporary.h"
#include "daemon/op/pin_permit.h"
#include "daemon/op/pin_reset.h"
#include "daemon/op/suspend.h"
#include "tests/unit/sim_check.h"
#include "tests/unit/year_office.h"

#define DAY        86400
#define ROUND_DAYS 10

typedef struct Year {
	YearOffice *office;
	GRand *rand;
	GString *trace;
	char *rounds[2]; /* open card checks of the two sections, or NULL */
	gint64 round_day;
	char *stop; /* scope that is stopped, or NULL */
} Year;

/* What can happen on a day: how often in a year, to whom, and what it is called in the trace. */
typedef struct YearEvent {
	const char *name;
	double a_year; /* for 300 people */
	void (*happen)(Year *year, YearPerson *person);
	guint done;
} YearEvent;

static guint from_environment(const char *name, guint otherwise)
{
	const char *text = g_getenv(name);

	return text != NULL ? (guint) strtoul(text, NULL, 10) : otherwise;
}

static void act_as(Year *year, const char *staff, Actor **ret_actor, Op *op)
{
	*ret_actor = sim_office_actor(year->office->sim, staff);
	op_init(op, &year->office->sim->house, *ret_actor, year->office->sim->now);
	year->office->acts++;
}

static void lose(Year *year, YearPerson *person)
{
	MoveRequest request = { .card = person->card,
				.event = EVENT_REPORT_LOST,
				.facts = { .reported_by = "本人",
					   .noticed_at = year->office->sim->now - 600 } };

	year_office_move(year->office, SIM_CUSTODIAN, &request);
	year_office_replace(year->office, person);
}

/* Reported by the holder at night: on hold at once, lost by itself a day later. */
static void miss(Year *year, YearPerson *person)
{
	MoveRequest request = { .card = person->card,
				.event = EVENT_REPORT_LOST,
				.facts = { .reported_by = "宿直" } };

	year_office_move(year->office, NULL, &request);
	year->office->sim->now += DAY + 60;
	year_office_jobs(year->office);
	g_assert_true(year_office_is(year->office, person->card, CARD_LOST));
	year_office_replace(year->office, person);
}

static void damage(Year *year, YearPerson *person)
{
	g_autofree char *old = g_strdup(person->card);
	MoveRequest request = { .card = old,
				.event = EVENT_REPORT_DAMAGED,
				.facts = { .reason = "DAMAGE", .reported_by = "本人" } };

	year_office_move(year->office, SIM_CUSTODIAN, &request);
	year_office_replace(year->office, person);
	year_office_return(year->office, old, person->staff);
}

static void transfer(Year *year, YearPerson *person)
{
	g_autofree char *today = clock_date(year->office->sim->now);
	g_autofree char *old = g_strdup(person->card);

	person->section = g_strcmp0(person->section, "0301") == 0 ? "0402" : "0301";
	year_office_report(year->office, today);
	year_office_jobs(year->office);
	if (!year_office_is(year->office, old, CARD_RECALLED))
		return;
	year_office_return(year->office, old, person->staff);
	/* On the day itself the old section's designation is still in force. */
	year->office->sim->now += DAY;
	year_office_jobs(year->office);
	year_office_issue(year->office, person);
	year_office_send(year->office, person);
	year_office_hand_over(year->office, person);
}

static void hold(Year *year, YearPerson *person, HoldReason reason, gboolean is_put)
{
	SuspendRequest request = { .card = person->card, .reason = reason };
	g_autofree char *confirmation = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Actor) actor = NULL;
	MoveOutcome outcome;
	g_auto(Op) op = { 0 };

	act_as(year, SIM_ADMIN, &actor, &op);
	YEAR_MUST(is_put ? suspend_card(&op, &request, &error)
			 : suspend_resume(&op, &request, &outcome, &confirmation, &error),
		  error);
}

static void take_leave(Year *year, YearPerson *person)
{
	hold(year, person, HOLD_LEAVE, TRUE);
	person->is_on_leave = TRUE;
}

static void come_back(Year *year)
{
	for (guint i = 0; i < year->office->people->len; i++) {
		YearPerson *person = year->office->people->pdata[i];

		if (!person->is_on_leave || g_rand_double(year->rand) > 0.1)
			continue;
		if (year_office_is(year->office, person->card, CARD_SUSPENDED))
			hold(year, person, HOLD_LEAVE, FALSE);
		person->is_on_leave = FALSE;
	}
}

static void forget_card(Year *year, YearPerson *person)
{
	g_autoptr(Secret) pin = secret_new(YEAR_PIN, 8);
	g_autoptr(GError) error = NULL;
	g_autoptr(Actor) actor = NULL;
	g_auto(Op) op = { 0 };

	person->temporary = year_office_spare(year->office, TRUE);
	LendRequest request = {
		.card = person->temporary, .staff = person->staff, .reader = "reader1", .pin = pin
	};

	year_office_lay(year->office, person->temporary);
	act_as(year, g_str_equal(person->section, "0301") ? SIM_MANAGER : SIM_MANAGER2, &actor,
	       &op);
	YEAR_MUST(lend_temporary(&op, &request, &error), error);
}

/* Most come back the same day, some are recalled at midnight first. */
static void bring_back(Year *year)
{
	for (guint i = 0; i < year->office->people->len; i++) {
		YearPerson *person = year->office->people->pdata[i];

		if (person->temporary == NULL || g_rand_double(year->rand) < 0.2)
			continue;
		year_office_return(year->office, person->temporary, person->staff);
		g_clear_pointer(&person->temporary, g_free);
	}
}

static void forget_pin(Year *year, YearPerson *person)
{
	g_autofree char *paper = g_strdup_printf("市発第%uの6号", year->office->acts);
	PinPermitRequest permit = { .card = person->card, .paper = paper };
	g_autoptr(Secret) pin = secret_new(YEAR_PIN, 8);
	PinResetRequest reset = { .card = person->card, .reader = "reader1", .pin = pin };
	g_autoptr(GError) error = NULL;
	g_autoptr(Actor) admin = NULL;
	g_autoptr(Actor) custodian = NULL;
	g_auto(Op) first = { 0 };
	g_auto(Op) second = { 0 };

	act_as(year, SIM_ADMIN, &admin, &first);
	YEAR_MUST(pin_permit_accept(&first, &permit, &error), error);
	year_office_lay(year->office, person->card);
	act_as(year, SIM_CUSTODIAN, &custodian, &second);
	YEAR_MUST(pin_reset_card(&second, &reset, &error), error);
	person->is_pin_new = FALSE;
}

static void change_pin(Year *year, YearPerson *person)
{
	year_office_change_pin(year->office, person);
}

static void emergency(Year *year, YearPerson *person)
{
	static const char *const scopes[] = { "all", "section:0301", "section:0402", "batch:Y001",
					      "authority:" SIM_AUTHORITY };
	EmergencyRequest request = { .scope = scopes[g_rand_int_range(year->rand, 0, 5)],
				     .is_stop = TRUE };
	g_autoptr(GError) error = NULL;
	g_autoptr(Actor) actor = NULL;
	MoveOutcome outcome;
	g_auto(Op) op = { 0 };

	(void) person;
	if (year->stop != NULL)
		return;
	act_as(year, SIM_CHIEF, &actor, &op);
	YEAR_MUST(suspend_emergency(&op, &request, &outcome, NULL, &error), error);
	year->stop = g_strdup(request.scope);
}

static void end_stop(Year *year)
{
	EmergencyRequest request = { .scope = year->stop };
	g_autoptr(GError) error = NULL;
	g_autoptr(Actor) actor = NULL;
	MoveOutcome outcome;
	g_auto(Op) op = { 0 };

	act_as(year, SIM_ADMIN, &actor, &op);
	op.is_confirmed = TRUE;
	op.second = SIM_CHIEF;
	YEAR_MUST(suspend_emergency(&op, &request, &outcome, NULL, &error), error);
	g_clear_pointer(&year->stop, g_free);
}

/* clang-format off */
static YearEvent events[] = {
	{ "lost",         20,  lose },
	{ "missing",       6,  miss },
	{ "damaged",      15,  damage },
	{ "transfer",     12,  transfer },
	{ "leave",        20,  take_leave },
	{ "forgot card", 120,  forget_card },
	{ "forgot PIN",   60,  forget_pin },
	{ "PIN change",  700,  change_pin },
	{ "emergency",     4,  emergency },
};
/* clang-format on */

static void open_rounds(Year *year)
{
	static const char *const sections[] = { "0301", "0402" };
	g_autofree char *today = clock_date(year->office->sim->now);
	g_autofree char *due = clock_add_days(today, ROUND_DAYS);

	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
		CheckRoundRequest request = { sections[i], due };
		g_autoptr(GError) error = NULL;
		g_autoptr(Actor) actor = NULL;
		g_auto(Op) op = { 0 };

		act_as(year, SIM_CUSTODIAN, &actor, &op);
		YEAR_MUST(check_round_open(&op, &request, &year->rounds[i], &error), error);
	}
	year->round_day = 0;
}

static void show_card(Year *year, const char *number)
{
	CardCheckRequest request = { .card = number, .reader = "reader1" };
	g_autoptr(GError) error = NULL;
	g_autoptr(Actor) actor = NULL;
	g_auto(Op) op = { 0 };
	int tries_left;

	year_office_lay(year->office, number);
	act_as(year, SIM_CUSTODIAN, &actor, &op);
	YEAR_MUST(card_check(&op, &request, &tries_left, &error), error);
}

/* A part of the people each day; whoever forgets is held afterwards, and comes then. */
static void show_cards(Year *year, double part)
{
	for (guint i = 0; i < year->office->people->len; i++) {
		const YearPerson *person = year->office->people->pdata[i];

		if (person->card != NULL && g_rand_double(year->rand) < part &&
		    (year_office_is(year->office, person->card, CARD_ACTIVE) ||
		     year_office_is(year->office, person->card, CARD_SUSPENDED)))
			show_card(year, person->card);
	}
}

static guint end_round(Year *year, const char *id)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(year->office->sim->house.store, &error);
	g_autoptr(GPtrArray) missing = check_round_missing(tx, id, &error);
	g_autoptr(Actor) actor = NULL;
	g_auto(Op) op = { 0 };
	gint64 held;

	g_clear_pointer(&tx, store_tx_abort);
	act_as(year, SIM_CUSTODIAN, &actor, &op);
	YEAR_MUST(check_round_hold(&op, id, missing->len, &held, &error), error);
	for (guint i = 0; i < missing->len; i++) {
		g_assert_true(year_office_is(year->office, missing->pdata[i], CARD_SUSPENDED));
		show_card(year, missing->pdata[i]);
	}
	YEAR_MUST(check_round_close(&op, id, &error), error);
	return missing->len;
}

static void go_round(Year *year, guint day)
{
	if (day % 90 == 30)
		open_rounds(year);
	if (year->rounds[0] == NULL)
		return;
	if (++year->round_day <= ROUND_DAYS + 1) {
		show_cards(year, 0.3);
		return;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(year->rounds); i++) {
		g_string_append_printf(year->trace, " unchecked %u;",
				       end_round(year, year->rounds[i]));
		g_clear_pointer(&year->rounds[i], g_free);
	}
}

/* On 1 April one in ten leaves and as many begin. */
static void change_year(Year *year)
{
	YearOffice *office = year->office;
	g_autofree char *today = clock_date(office->sim->now);
	guint count = office->people->len / 10, first = office->people->len;

	for (guint i = 0; i < count; i++) {
		YearPerson *person =
			office->people->pdata[g_rand_int_range(year->rand, 0, (gint) first)];

		person->section = NULL;
	}
	year_office_hire(office, count);
	year_office_report(office, today);
	year_office_jobs(office);
	for (guint i = 0; i < office->people->len; i++) {
		YearPerson *person = office->people->pdata[i];

		if (person->section == NULL && person->card != NULL &&
		    year_office_is(office, person->card, CARD_RECALLED)) {
			year_office_return(office, person->card, person->staff);
			g_clear_pointer(&person->card, g_free);
		} else if (person->section != NULL && person->card == NULL) {
			year_office_issue(office, person);
			year_office_hand_over(office, person);
		}
	}
}

/* Somebody whose card works, or NULL after some tries. */
static YearPerson *some_person(Year *year)
{
	for (int i = 0; i < 20; i++) {
		YearPerson *person = year->office->people->pdata[g_rand_int_range(
			year->rand, 0, (gint) year->office->people->len)];

		if (person->card != NULL && person->section != NULL && person->temporary == NULL &&
		    year_office_is(year->office, person->card, CARD_ACTIVE))
			return person;
	}
	return NULL;
}

/* Everybody whose PIN ran out changes it, which lifts the hold. */
static void change_overdue_pins(Year *year)
{
	for (guint i = 0; i < year->office->people->len; i++) {
		YearPerson *person = year->office->people->pdata[i];

		if (person->card != NULL && !person->is_on_leave && person->temporary == NULL &&
		    year->stop == NULL && person->section != NULL &&
		    year_office_is(year->office, person->card, CARD_SUSPENDED))
			year_office_change_pin(year->office, person);
	}
}

static void run_events(Year *year)
{
	double share = year->office->people->len / 300.0;

	for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
		double left = events[i].a_year / 365 * share;

		for (; left > 0; left -= 1) {
			YearPerson *person;

			if (g_rand_double(year->rand) >= left)
				continue;
			person = some_person(year);
			if (person == NULL)
				continue;
			g_string_append_printf(year->trace, " %s %s;", events[i].name,
					       person->staff);
			events[i].happen(year, person);
			events[i].done++;
		}
	}
}

static char *next_day(Year *year)
{
	SimOffice *sim = year->office->sim;
	g_autofree char *last = clock_date(sim->now);
	char *today = clock_add_days(last, 1);

	sim->now = clock_day_start(today);
	return today;
}

static void run_day(Year *year, guint day)
{
	SimOffice *sim = year->office->sim;
	g_autofree char *today = next_day(year);

	g_string_append_printf(year->trace, "\n%s", today);
	year_office_jobs(year->office);
	sim->now += 9 * 3600;
	if (year->stop != NULL)
		end_stop(year);
	if (g_str_has_suffix(today, "-04-01"))
		change_year(year);
	come_back(year);
	change_overdue_pins(year);
	run_events(year);
	go_round(year, day);
	bring_back(year);
	if (day % 30 == 29)
		year_office_shred(year->office, FALSE);
}

static void begin(Year *year)
{
	for (guint i = 0; i < year->office->people->len; i++) {
		year_office_issue(year->office, year->office->people->pdata[i]);
		year_office_hand_over(year->office, year->office->people->pdata[i]);
	}
}

static void end(Year *year)
{
	g_free(year->stop);
	for (gsize i = 0; i < G_N_ELEMENTS(year->rounds); i++)
		g_free(year->rounds[i]);
	g_string_free(year->trace, TRUE);
	g_rand_free(year->rand);
	year_office_free(year->office);
}

static void tell(const Year *year, guint seed, guint days)
{
	g_autoptr(GString) counts = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(events); i++)
		g_string_append_printf(counts, ", %s %u", events[i].name, events[i].done);
	g_test_message("seed %u: %u days, %u people, %u acts%s", seed, days,
		       year->office->people->len, year->office->acts, counts->str);
	for (gsize i = 0; days >= 365 && i < G_N_ELEMENTS(events); i++)
		g_assert_cmpuint(events[i].done, >, 0);
}

static void test_year(void)
{
	guint seed = from_environment("OPCARD_YEAR_SEED", 1);
	guint days = from_environment("OPCARD_YEAR_DAYS", 365);
	Year year = { .office = year_office_new(from_environment("OPCARD_YEAR_PEOPLE", 300)),
		      .rand = g_rand_new_with_seed(seed),
		      .trace = g_string_new(NULL) };
	SimCheck *check = sim_check_new(year.office->sim);
	g_autofree char *fault = NULL;

	begin(&year);
	gint64 begun = year.office->sim->now;

	for (guint day = 1; fault == NULL && year.office->sim->now < begun + days * DAY; day++) {
		run_day(&year, day);
		fault = sim_check_all(check);
	}
	if (fault != NULL || g_getenv("OPCARD_YEAR_SEED") != NULL)
		g_printerr("seed %u: %s%s\n", seed, fault != NULL ? fault : "no fault",
			   year.trace->str);
	g_assert_null(fault);
	tell(&year, seed, days);
	sim_check_free(check);
	end(&year);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/year/an office of 300 people", test_year);
	return g_test_run();
}
