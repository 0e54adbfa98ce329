/* SPDX-License-Identifier: Apache-2.0
 * A PIN through years, on real cards: the half-yearly change and what happens without it, the reset
 * by form 6 with every way it is refused, the locked card, the leak. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/pin_due.h"
#include "daemon/op/pin_leak.h"
#include "daemon/op/pin_overdue.h"
#include "daemon/op/pin_permit.h"
#include "daemon/op/pin_reset.h"
#include "daemon/op/publish.h"
#include "daemon/op/repair.h"
#include "daemon/op/status.h"
#include "daemon/op/suspend.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_intent.h"
#include "daemon/store/store_pin.h"
#include "daemon/store/store_request.h"
#include "tests/unit/pin_desk.h"

#define DAY 86400

static guint hold_due(UnitOffice *office)
{
	g_autoptr(GError) error = NULL;
	guint held = G_MAXUINT;

	g_assert_true(pin_overdue_hold(&office->house, office->now, &held, &error));
	g_assert_no_error(error);
	return held;
}

static guint64 list_number(UnitOffice *office)
{
	PublishFacts facts;

	publish_facts(office->house.publisher, &facts);
	return facts.number;
}

static void refused(gboolean is_done, GError **error, ErrorCode code, const char *part)
{
	g_assert_false(is_done);
	g_assert_error(*error, ERROR_DOMAIN, (int) code);
	if (strstr((*error)->message, part) == NULL)
		g_error("\"%s\" is not in: %s", part, (*error)->message);
	g_clear_error(error);
}

static void done(gboolean is_done, GError **error)
{
	g_assert_no_error(*error);
	g_assert_true(is_done);
}

static void check_card(UnitOffice *office, const char *card, CardState state, StatusState ocsp)
{
	g_assert_cmpstr(card_state_name(unit_office_state(office, card)), ==,
			card_state_name(state));
	g_assert_cmpint(pin_desk_ocsp(office, card), ==, ocsp);
}

/* T27: the last second of the last day is in time, the next one is not; then only a change helps,
 * and it helps at once. */
static void test_half_year(void)
{
	UnitOffice *office = pin_desk_new(2);
	g_autoptr(GError) error = NULL;
	SuspendRequest resume = { .card = DESK_ONE, .reason = HOLD_PIN_OVERDUE };
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome;
	guint64 number;

	office->now = clock_day_start("2027-05-21") + DAY - 1;
	g_assert_cmpuint(hold_due(office), ==, 0);
	check_card(office, DESK_ONE, CARD_ACTIVE, STATUS_VALID);
	pin_desk_check_pin(office, DESK_ONE, "DUE");

	number = list_number(office);
	office->now++;
	g_assert_cmpuint(hold_due(office), ==, 2);
	check_card(office, DESK_ONE, CARD_SUSPENDED, STATUS_HOLD);
	check_card(office, DESK_TWO, CARD_SUSPENDED, STATUS_HOLD);
	pin_desk_check_pin(office, DESK_ONE, "OVERDUE");
	g_assert_cmpuint(list_number(office), ==, number + 1);
	g_assert_cmpuint(pin_desk_records(office, DESK_ONE, "suspend", "PIN_OVERDUE"), ==, 1);
	g_assert_cmpuint(hold_due(office), ==, 0);

	g_auto(Op) op = { 0 };
	unit_office_op(office, UNIT_ALL_ROLES, &op);
	refused(suspend_resume(&op, &resume, &outcome, &confirmation, &error), &error, ERROR_RULE,
		"PIN_OVERDUE");
	refused(pin_desk_change(office, DESK_ONE, "Qx83nfWw", DESK_NEW, &error), &error, ERROR_PIN,
		DESK_ONE);
	check_card(office, DESK_ONE, CARD_SUSPENDED, STATUS_HOLD);
	done(pin_desk_change(office, DESK_ONE, DESK_PIN, DESK_NEW, &error), &error);
	check_card(office, DESK_ONE, CARD_ACTIVE, STATUS_VALID);
	check_card(office, DESK_TWO, CARD_SUSPENDED, STATUS_HOLD);
	pin_desk_check_pin(office, DESK_ONE, "VALID");

	office->now = clock_day_start("2027-11-22") + DAY - 1;
	g_assert_cmpuint(hold_due(office), ==, 0);
	office->now++;
	g_assert_cmpuint(hold_due(office), ==, 1);
	check_card(office, DESK_ONE, CARD_SUSPENDED, STATUS_HOLD);
	pin_desk_free(office);
}

/* T27 by policy: the grace, the fiscal half, no rotation at all. */
static void test_policies(void)
{
	UnitOffice *office = pin_desk_new(2);

	pin_desk_policy(office, "pin-rotation = event-only");
	office->now = clock_day_start("2029-01-01");
	g_assert_cmpuint(hold_due(office), ==, 0);
	pin_desk_check_pin(office, DESK_ONE, "VALID");
	pin_desk_policy(office, "pin-rotation = fiscal-half");
	office->now = clock_day_start("2027-09-30") + DAY - 1;
	g_assert_cmpuint(hold_due(office), ==, 0);
	pin_desk_policy(office, "pin-rotation = fiscal-half\npin-grace = 3d");
	office->now = clock_day_start("2027-10-03") + DAY - 1;
	g_assert_cmpuint(hold_due(office), ==, 0);
	pin_desk_check_pin(office, DESK_ONE, "OVERDUE");
	office->now++;
	g_assert_cmpuint(hold_due(office), ==, 2);
	pin_desk_free(office);
}

static void test_policy_that_is_none_is_refused(void)
{
	g_autofree char *folder = g_dir_make_tmp("opcard-unit-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "bad.conf", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(path, "[policy]\npin-rotation = P1Y\n", -1, NULL));
	g_assert_null(config_load(path, &error));
	refused(FALSE, &error, ERROR_USAGE, "bad.conf:2");
	g_assert_cmpint(remove(path), ==, 0);
	g_assert_cmpint(remove(folder), ==, 0);
}

/* Holds of other reasons stay when the PIN is changed, and the other way round. */
static void test_holds_end_one_by_one(void)
{
	UnitOffice *office = pin_desk_new(2);
	g_autoptr(GError) error = NULL;
	SuspendRequest forgotten = { .card = DESK_ONE, .reason = HOLD_FORGOTTEN };
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome;

	office->now = clock_day_start("2027-05-22");
	g_auto(Op) op = { 0 };
	unit_office_op(office, UNIT_ALL_ROLES, &op);
	done(suspend_card(&op, &forgotten, &error), &error);
	g_assert_cmpuint(hold_due(office), ==, 2);
	done(pin_desk_change(office, DESK_ONE, DESK_PIN, DESK_NEW, &error), &error);
	check_card(office, DESK_ONE, CARD_SUSPENDED, STATUS_HOLD);
	done(suspend_resume(&op, &forgotten, &outcome, &confirmation, &error), &error);
	check_card(office, DESK_ONE, CARD_ACTIVE, STATUS_VALID);
	pin_desk_free(office);
}

/* T28: one form 6, one card, one reset, some days; the clock of T27 goes on. */
static void test_reset_by_form_six(void)
{
	UnitOffice *office = pin_desk_new(2);
	g_autoptr(GError) error = NULL;

	office->now += DAY;
	refused(pin_desk_reset(office, DESK_ONE, "", DESK_NEW, &error), &error, ERROR_RULE,
		"no reset is authorised");
	done(pin_desk_accept(office, DESK_ONE, "市民発第61号", &error), &error);
	pin_desk_check_pin(office, DESK_ONE, "RESET_AUTHORIZED");
	refused(pin_desk_accept(office, DESK_ONE, "市民発第62号", &error), &error, ERROR_EXISTS,
		"authorised already");
	refused(pin_desk_accept(office, DESK_TWO, "市民発第61号", &error), &error, ERROR_RULE,
		"one reset of one card");
	refused(pin_desk_reset(office, DESK_TWO, "", DESK_NEW, &error), &error, ERROR_RULE,
		"bound to one card");
	done(pin_desk_reset(office, DESK_ONE, "", DESK_NEW, &error), &error);
	check_card(office, DESK_ONE, CARD_ACTIVE, STATUS_VALID);
	pin_desk_check_pin(office, DESK_ONE, "VALID");
	refused(pin_desk_reset(office, DESK_ONE, "", "Jr5pXc8n", &error), &error, ERROR_RULE,
		"was used at");
	refused(pin_desk_accept(office, DESK_ONE, "市民発第61号", &error), &error, ERROR_RULE,
		"one reset of one card");
	g_assert_cmpuint(pin_desk_records(office, DESK_ONE, "pin-reset", "市民発第61号"), ==, 1);

	office->now = clock_day_start("2027-05-22");
	g_assert_cmpuint(hold_due(office), ==, 2);
	refused(pin_desk_change(office, DESK_ONE, DESK_PIN, "Jr5pXc8n", &error), &error, ERROR_PIN,
		DESK_ONE);
	done(pin_desk_change(office, DESK_ONE, DESK_NEW, "Jr5pXc8n", &error), &error);
	check_card(office, DESK_ONE, CARD_ACTIVE, STATUS_VALID);
	pin_desk_free(office);
}

/* T28: the authorisation ends by time, and by the holder's own change. */
static void test_authorisation_ends(void)
{
	UnitOffice *office = pin_desk_new(1);
	g_autoptr(GError) error = NULL;

	done(pin_desk_accept(office, DESK_ONE, "1", &error), &error);
	office->now += 7 * DAY;
	refused(pin_desk_reset(office, DESK_ONE, "", DESK_NEW, &error), &error, ERROR_RULE,
		"pin-reset-valid");
	pin_desk_check_pin(office, DESK_ONE, "VALID");
	done(pin_desk_accept(office, DESK_ONE, "2", &error), &error);
	done(pin_desk_change(office, DESK_ONE, DESK_PIN, DESK_NEW, &error), &error);
	pin_desk_check_pin(office, DESK_ONE, "VALID");
	refused(pin_desk_reset(office, DESK_ONE, "", "Jr5pXc8n", &error), &error, ERROR_RULE,
		"the holder changed the PIN");
	pin_desk_policy(office, "pin-reset-valid = 1h");
	done(pin_desk_accept(office, DESK_ONE, "3", &error), &error);
	office->now += 3600;
	refused(pin_desk_reset(office, DESK_ONE, "", "Jr5pXc8n", &error), &error, ERROR_RULE,
		"pin-reset-valid");
	pin_desk_free(office);
}

/* T28, N05: system-admin and custodian, and neither for the own card. */
static void test_who_may_reset(void)
{
	UnitOffice *office = pin_desk_new(1);
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(Card) card = store_card_get(tx, DESK_ONE, NULL);
	PinPermitRequest permit = { DESK_ONE, "1" };
	PinResetRequest reset = { .card = DESK_ONE };
	g_autoptr(GError) error = NULL;
	g_auto(Op) admin = { 0 };
	g_auto(Op) custodian = { 0 };
	g_auto(Op) office_all = { 0 };

	g_clear_pointer(&tx, store_tx_abort);
	unit_office_op(office, ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_CHIEF), &custodian);
	refused(pin_permit_accept(&custodian, &permit, &error), &error, ERROR_DENIED,
		"system-admin");
	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &admin);
	done(pin_permit_accept(&admin, &permit, &error), &error);
	refused(pin_reset_card(&admin, &reset, &error), &error, ERROR_DENIED, "custodian");
	office->actor.person = card->holder;
	unit_office_op(office, UNIT_ALL_ROLES, &office_all);
	refused(pin_reset_card(&office_all, &reset, &error), &error, ERROR_RULE, "N05");
	permit = (PinPermitRequest){ DESK_ONE, "2" };
	refused(pin_permit_accept(&office_all, &permit, &error), &error, ERROR_RULE, "N05");
	pin_desk_free(office);
}

/* N35: a PIN that somebody else knows works nowhere until the holder has changed it. */
static void test_initial_pin_must_be_changed(void)
{
	UnitOffice *office = pin_desk_new(1);
	g_autoptr(GError) error = NULL;
	SuspendRequest resume = { .card = DESK_ONE, .reason = HOLD_PIN_INITIAL };
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome;

	done(pin_desk_accept(office, DESK_ONE, "1", &error), &error);
	done(pin_desk_reset(office, DESK_ONE, "absent", "Jr5pXc8n", &error), &error);
	check_card(office, DESK_ONE, CARD_SUSPENDED, STATUS_HOLD);
	pin_desk_check_pin(office, DESK_ONE, "INITIAL");
	g_auto(Op) op = { 0 };
	unit_office_op(office, UNIT_ALL_ROLES, &op);
	refused(suspend_resume(&op, &resume, &outcome, &confirmation, &error), &error, ERROR_RULE,
		"PIN_INITIAL");
	refused(suspend_card(&op, &resume, &error), &error, ERROR_RULE, "cannot be chosen");
	done(pin_desk_change(office, DESK_ONE, "Jr5pXc8n", DESK_NEW, &error), &error);
	check_card(office, DESK_ONE, CARD_ACTIVE, STATUS_VALID);
	pin_desk_check_pin(office, DESK_ONE, "VALID");
	pin_desk_free(office);
}

static Pin pin_of(UnitOffice *office, const char *card)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	Pin pin;

	g_assert_true(store_pin_get(tx, card, &pin, &error));
	g_assert_no_error(error);
	return pin;
}

/* N48: tries are counted by the card, the last one is never spent here, a locked card says what to
 * do and works again after a reset by form 6. */
static void test_locked_card(void)
{
	UnitOffice *office = pin_desk_new(1);
	g_autoptr(GError) error = NULL;
	gint64 before = pin_of(office, DESK_ONE).changed_at;

	office->now += DAY;
	pin_desk_tries(office, "reader1", 2);
	refused(pin_desk_change(office, DESK_ONE, "Qx83nfWw", DESK_NEW, &error), &error, ERROR_PIN,
		DESK_ONE);
	refused(pin_desk_change(office, DESK_ONE, "Qx83nfWw", DESK_NEW, &error), &error, ERROR_PIN,
		"one try is left");
	pin_desk_check_pin(office, DESK_ONE, "VALID");
	pin_desk_tries(office, "reader1", 0);
	refused(pin_desk_change(office, DESK_ONE, DESK_PIN, DESK_NEW, &error), &error, ERROR_PIN,
		"form 6");
	pin_desk_check_pin(office, DESK_ONE, "LOCKED");
	done(pin_desk_accept(office, DESK_ONE, "1", &error), &error);
	done(pin_desk_reset(office, DESK_ONE, "", DESK_NEW, &error), &error);
	pin_desk_check_pin(office, DESK_ONE, "VALID");
	g_assert_cmpint(pin_of(office, DESK_ONE).changed_at, ==, before);
	done(pin_desk_change(office, DESK_ONE, DESK_NEW, "Jr5pXc8n", &error), &error);
	g_assert_cmpint(pin_of(office, DESK_ONE).changed_at, ==, office->now);
	pin_desk_free(office);
}

/* A card locked for months is late all the same, and stays on hold after its reset. */
static void test_locked_card_is_late_too(void)
{
	UnitOffice *office = pin_desk_new(2);
	g_autoptr(GError) error = NULL;

	pin_desk_tries(office, "reader1", 0);
	refused(pin_desk_change(office, DESK_ONE, DESK_PIN, DESK_NEW, &error), &error, ERROR_PIN,
		"locked");
	office->now = clock_day_start("2027-05-22");
	g_assert_cmpuint(hold_due(office), ==, 2);
	done(pin_desk_accept(office, DESK_ONE, "1", &error), &error);
	done(pin_desk_reset(office, DESK_ONE, "", DESK_NEW, &error), &error);
	check_card(office, DESK_ONE, CARD_SUSPENDED, STATUS_HOLD);
	pin_desk_check_pin(office, DESK_ONE, "OVERDUE");
	done(pin_desk_change(office, DESK_ONE, DESK_NEW, "Jr5pXc8n", &error), &error);
	check_card(office, DESK_ONE, CARD_ACTIVE, STATUS_VALID);
	pin_desk_free(office);
}

/* N40, N52: reported by anybody without a form, refused at once, lifted by the holder's change. */
static void test_leak(void)
{
	UnitOffice *office = pin_desk_new(1);
	PinLeakRequest request = { .card = DESK_ONE, .note = "付箋を見られた" };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(GPtrArray) cases = NULL;
	guint64 number = list_number(office);

	g_auto(Op) op = { 0 };
	unit_office_op(office, 0, &op);
	done(pin_leak_report(&op, &request, &error), &error);
	check_card(office, DESK_ONE, CARD_SUSPENDED, STATUS_HOLD);
	g_assert_cmpuint(list_number(office), ==, number + 1);
	g_assert_cmpuint(pin_desk_records(office, DESK_ONE, "suspend", "PIN_LEAKED"), ==, 1);
	refused(pin_leak_report(&op, &request, &error), &error, ERROR_EXISTS, "PIN_LEAKED");
	tx = unit_office_read(office);
	cases = store_duty_case_list(tx, NULL, NULL, 10, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(cases->len, ==, 1);
	g_assert_cmpstr(((CaseFile *) cases->pdata[0])->kind, ==, "pin-leaked");
	g_clear_pointer(&tx, store_tx_abort);

	done(pin_desk_accept(office, DESK_ONE, "1", &error), &error);
	done(pin_desk_reset(office, DESK_ONE, "", "Jr5pXc8n", &error), &error);
	check_card(office, DESK_ONE, CARD_SUSPENDED, STATUS_HOLD);
	done(pin_desk_change(office, DESK_ONE, "Jr5pXc8n", DESK_NEW, &error), &error);
	check_card(office, DESK_ONE, CARD_ACTIVE, STATUS_VALID);
	pin_desk_free(office);
}

static gboolean has_problem(UnitOffice *office, const char *part)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	Op op = { .house = &office->house, .now = office->now, .actor = &office->actor };
	StatusSight sight = { 0 };
	g_autoptr(GError) error = NULL;
	json_auto_t *status = status_read(tx, &op, &sight, &error);

	g_assert_no_error(error);
	return unit_office_count(json_object_get(status, "problems"), "en", part) > 0;
}

/* T28, N81: done at once, and a problem of everybody's until a system-admin approves it. */
static void test_urgent_reset(void)
{
	UnitOffice *office = pin_desk_new(1);
	PinResetRequest bare = { .card = DESK_ONE, .is_urgent = TRUE };
	g_autoptr(GError) error = NULL;
	g_auto(Op) custodian = { 0 };
	g_auto(Op) admin = { 0 };

	unit_office_op(office, ROLE_SET(ROLE_CUSTODIAN), &custodian);
	refused(pin_reset_card(&custodian, &bare, &error), &error, ERROR_INPUT, "--note");
	bare.is_absent = TRUE;
	refused(pin_reset_card(&custodian, &bare, &error), &error, ERROR_RULE, "must be there");
	done(pin_desk_reset(office, DESK_ONE, "urgent", DESK_NEW, &error), &error);
	pin_desk_check_pin(office, DESK_ONE, "VALID");
	office->now += 400 * DAY;
	g_assert_true(has_problem(office, "confirm N-0001"));
	unit_office_op(office, ROLE_SET(ROLE_CUSTODIAN), &custodian);
	refused(pin_permit_approve(&custodian, "N-0001", DESK_ONE, &error), &error, ERROR_DENIED,
		"system-admin");
	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &admin);
	done(pin_permit_approve(&admin, "N-0001", DESK_ONE, &error), &error);
	g_assert_false(has_problem(office, "N-0001"));
	refused(pin_permit_approve(&admin, "N-0001", DESK_ONE, &error), &error, ERROR_NOT_FOUND,
		"N-0001");
	g_assert_cmpuint(pin_desk_records(office, DESK_ONE, "pin-reset-approve", "N-0001"), ==, 1);
	office->now -= 400 * DAY;
	done(pin_desk_accept(office, DESK_ONE, "1", &error), &error);
	refused(pin_desk_reset(office, DESK_ONE, "urgent", DESK_PIN, &error), &error, ERROR_RULE,
		"--urgent");
	pin_desk_free(office);
}

/* A reset that was cut off: the PIN is unknown, and the same form 6 is good for doing it again. */
static void test_reset_cut_off(void)
{
	UnitOffice *office = pin_desk_new(1);
	Intent intent = { .id = "I-2026-900001",
			  .kind = "pin-reset",
			  .card = DESK_ONE,
			  .step = "begun",
			  .body = "{}" };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	RepairCounts counts;

	done(pin_desk_accept(office, DESK_ONE, "1", &error), &error);
	tx = store_tx_begin(office->house.store, STORE_NORMAL, &error);
	g_assert_true(store_intent_open(tx, &intent, &error) && store_tx_commit(&tx, &error));
	done(repair_start(&office->house, office->now, &counts, &error), &error);
	pin_desk_check_pin(office, DESK_ONE, "RESET_AUTHORIZED");
	g_assert_cmpint(pin_of(office, DESK_ONE).state, ==, PIN_UNKNOWN);
	done(pin_desk_reset(office, DESK_ONE, "", DESK_NEW, &error), &error);
	pin_desk_check_pin(office, DESK_ONE, "VALID");
	pin_desk_free(office);
}

/* A weak PIN costs nothing: the authorisation is still good. */
static void test_refused_pin_keeps_the_authorisation(void)
{
	UnitOffice *office = pin_desk_new(1);
	g_autoptr(GError) error = NULL;

	done(pin_desk_accept(office, DESK_ONE, "1", &error), &error);
	refused(pin_desk_reset(office, DESK_ONE, "", "abc", &error), &error, ERROR_PIN, "T26");
	refused(pin_desk_reset(office, DESK_ONE, "", "aaaaaaaa", &error), &error, ERROR_PIN, "T26");
	pin_desk_check_pin(office, DESK_ONE, "RESET_AUTHORIZED");
	done(pin_desk_change(office, DESK_ONE, DESK_PIN, DESK_NEW, &error), &error);
	pin_desk_free(office);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pin-life/T27-half-year", test_half_year);
	g_test_add_func("/pin-life/T27-policies", test_policies);
	g_test_add_func("/pin-life/policy-that-is-none-is-refused",
			test_policy_that_is_none_is_refused);
	g_test_add_func("/pin-life/holds-end-one-by-one", test_holds_end_one_by_one);
	g_test_add_func("/pin-life/T28-reset-by-form-six", test_reset_by_form_six);
	g_test_add_func("/pin-life/T28-authorisation-ends", test_authorisation_ends);
	g_test_add_func("/pin-life/T28-N05-who-may-reset", test_who_may_reset);
	g_test_add_func("/pin-life/N35-initial-pin-must-be-changed",
			test_initial_pin_must_be_changed);
	g_test_add_func("/pin-life/N48-locked-card", test_locked_card);
	g_test_add_func("/pin-life/locked-card-is-late-too", test_locked_card_is_late_too);
	g_test_add_func("/pin-life/N40-N52-leak", test_leak);
	g_test_add_func("/pin-life/T28-N81-urgent-reset", test_urgent_reset);
	g_test_add_func("/pin-life/reset-cut-off", test_reset_cut_off);
	g_test_add_func("/pin-life/T26-refused-pin-keeps-the-authorisation",
			test_refused_pin_keeps_the_authorisation);
	return g_test_run();
}
