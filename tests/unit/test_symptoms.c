/* SPDX-License-Identifier: Apache-2.0
 * Roads through the lifecycle that once led somewhere wrong, each by its symptom, and what the
 * card then is; every invariant afterwards. */
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/core/certificate.h"
#include "daemon/op/hand_over.h"
#include "daemon/op/issue.h"
#include "daemon/op/lend_temporary.h"
#include "daemon/op/re_home.h"
#include "daemon/op/reissue.h"
#include "daemon/op/suspend.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_hold.h"
#include "tests/unit/sim_check.h"

#define FIRST  "012345" /* sim_office_holder(0) */
#define SECOND "012346"

static SimOffice *open_office(void)
{
	SimOffice *office = sim_office_new("");

	sim_office_designate_all(office);
	return office;
}

static void close_office(SimOffice *office)
{
	SimCheck *check = sim_check_new(office);
	g_autofree char *fault = sim_check_all(check);

	g_assert_cmpstr(fault, ==, NULL);
	sim_check_free(check);
	sim_office_free(office);
}

/* Begins an operation of @staff; confirmed by a second person. */
static Actor *act(SimOffice *office, const char *staff, Op *ret_op)
{
	Actor *actor = sim_office_actor(office, staff);

	op_init(ret_op, &office->house, actor, office->now);
	ret_op->is_confirmed = TRUE;
	ret_op->second = SIM_ADMIN2;
	return actor;
}

static gboolean move(SimOffice *office, const char *staff, guint card, CardEvent event,
		     GError **error)
{
	MoveRequest request = { .card = sim_office_number(card),
				.event = event,
				.witness = SIM_WITNESS,
				.evidence = "破砕",
				.facts = { .reason = "TRANSFER", .reported_by = "電話" } };
	g_autofree char *confirmation = NULL;
	g_auto(Op) op = { 0 };
	g_autoptr(Actor) actor = act(office, staff, &op);
	MoveOutcome outcome;

	return move_card(&op, &request, &outcome, &confirmation, error);
}

static void must_move(SimOffice *office, const char *staff, guint card, CardEvent event)
{
	g_autoptr(GError) error = NULL;
	gboolean is_done = move(office, staff, card, event, &error);

	g_assert_no_error(error);
	g_assert_true(is_done);
}

static void must_reissue(SimOffice *office, guint old, guint fresh)
{
	ReissueRequest request = { .card = sim_office_number(old),
				   .new_card = sim_office_number(fresh) };
	g_autofree char *made = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	g_autoptr(Actor) custodian = act(office, SIM_CUSTODIAN, &op);

	sim_card_insert(office->reader, office->cards[fresh]);
	g_assert_true(reissue_card(&op, &request, &made, &error));
	g_assert_no_error(error);
}

static gboolean hand_over(SimOffice *office, guint card, GError **error)
{
	g_autoptr(Secret) pin = secret_new("Kq7#mZ2p", 8);
	HandOverRequest request = { .card = sim_office_number(card), .pin = pin };
	g_auto(Op) op = { 0 };
	g_autoptr(Actor) custodian = act(office, SIM_CUSTODIAN, &op);

	sim_card_insert(office->reader, office->cards[card]);
	return hand_over_card(&op, &request, error);
}

static void must_hand_over(SimOffice *office, guint card)
{
	g_autoptr(GError) error = NULL;
	gboolean is_done = hand_over(office, card, &error);

	g_assert_no_error(error);
	g_assert_true(is_done);
}

static void check_state(SimOffice *office, guint card, CardState expected)
{
	g_autoptr(Card) row = sim_office_find(office, card);

	g_assert_cmpstr(card_state_name(card_shown(row)), ==, card_state_name(expected));
}

static void check_certificate(SimOffice *office, guint card, CertificateState expected)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, &error);
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, sim_office_number(card), &error);

	g_assert_no_error(error);
	g_assert_cmpuint(list->len, >, 0);
	g_assert_cmpstr(certificate_state_name(((Certificate *) list->pdata[0])->state), ==,
			certificate_state_name(expected));
}

static void set_stop(SimOffice *office, const char *scope, gboolean is_stop)
{
	EmergencyRequest request = { .scope = scope, .is_stop = is_stop };
	g_autofree char *confirmation = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	g_autoptr(Actor) admin = act(office, SIM_ADMIN, &op);
	MoveOutcome outcome;

	g_assert_true(suspend_emergency(&op, &request, &outcome, &confirmation, &error));
	g_assert_no_error(error);
}

/* A card that waited to be handed over and was replaced could be handed over still, and was then
 * in use without a certificate. */
static void test_replaced_while_pending(void)
{
	IssueRequest issue = { .card = "OP0", .staff = FIRST, .authority = SIM_AUTHORITY };
	SimOffice *office = open_office();
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	g_autoptr(Actor) custodian = act(office, SIM_CUSTODIAN, &op);

	sim_office_prepare(office, 0, "operator");
	sim_office_prepare(office, 1, "operator");
	sim_card_insert(office->reader, office->cards[0]);
	g_assert_true(issue_card(&op, &issue, &error));
	must_reissue(office, 0, 1);
	check_state(office, 0, CARD_PENDING);
	must_hand_over(office, 1);
	check_state(office, 0, CARD_RETURNED);
	check_certificate(office, 0, CERTIFICATE_REVOKED);
	g_assert_false(hand_over(office, 0, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_STATE);
	close_office(office);
}

static void test_replaced_while_in_use(void)
{
	SimOffice *office = open_office();

	sim_office_prepare(office, 0, "operator");
	sim_office_prepare(office, 1, "operator");
	sim_office_lend(office, 0, FIRST);
	must_reissue(office, 0, 1);
	check_state(office, 0, CARD_ACTIVE);
	check_certificate(office, 0, CERTIFICATE_VALID);
	must_hand_over(office, 1);
	check_state(office, 0, CARD_RECALLED);
	check_certificate(office, 0, CERTIFICATE_REVOKED);
	check_certificate(office, 1, CERTIFICATE_VALID);
	close_office(office);
}

/* The card replaced came back, was erased and lent to somebody else: handing over the new one took
 * it from that person. */
static void test_predecessor_is_somebody_elses(void)
{
	SimOffice *office = open_office();
	g_autoptr(GError) error = NULL;

	sim_office_prepare(office, 0, "operator");
	sim_office_prepare(office, 1, "operator");
	sim_office_lend(office, 0, FIRST);
	must_reissue(office, 0, 1);
	must_move(office, SIM_CUSTODIAN, 0, EVENT_RETURN);
	sim_office_erase(office, 0);
	must_move(office, SIM_ADMIN, 0, EVENT_REUSE);
	sim_office_lend(office, 0, SECOND);
	must_hand_over(office, 1);
	check_state(office, 0, CARD_ACTIVE);
	check_certificate(office, 0, CERTIFICATE_VALID);
	close_office(office);
}

/* A card moved into a section under an emergency stop was shown as stopped, but answered "good". */
static void test_re_homed_into_a_stop(void)
{
	SimOffice *office = open_office();
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	g_autoptr(Actor) admin = act(office, SIM_ADMIN, &op);

	sim_office_prepare(office, 0, "operator");
	sim_office_lend(office, 0, FIRST);
	g_assert_true(sim_office_staff(&op, 0, "0402", NULL, &error));
	g_assert_true(sim_office_designate(&op, "0402", sim_office_people(office, "0402"),
					   "2026-11-21", &error));
	g_assert_no_error(error);
	set_stop(office, "section:0402", TRUE);
	check_state(office, 0, CARD_ACTIVE);
	g_assert_true(re_home_card(&op, "OP0", "0402", &error));
	g_assert_no_error(error);
	check_state(office, 0, CARD_SUSPENDED);
	check_certificate(office, 0, CERTIFICATE_HOLD);
	set_stop(office, "section:0402", FALSE);
	check_state(office, 0, CARD_ACTIVE);
	check_certificate(office, 0, CERTIFICATE_VALID);
	close_office(office);
}

/* A cancelled recall gave a person a second card for the same authority. */
static void test_recall_cancelled_beside_another_card(void)
{
	SimOffice *office = open_office();
	g_autoptr(GError) error = NULL;

	sim_office_prepare(office, 0, "operator");
	sim_office_prepare(office, 1, "operator");
	sim_office_lend(office, 0, FIRST);
	must_move(office, SIM_ADMIN, 0, EVENT_RECALL);
	sim_office_lend(office, 1, FIRST);
	g_assert_false(move(office, SIM_ADMIN, 0, EVENT_RECALL_CANCEL, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_RULE);
	g_assert_nonnull(strstr(error->message, "OP1"));
	check_state(office, 0, CARD_RECALLED);
	close_office(office);
}

/* A cancelled recall gives back certificate and duty; its own successor does not stand against it.
 */
static void test_recall_cancelled(void)
{
	SimOffice *office = open_office();

	sim_office_prepare(office, 0, "operator");
	sim_office_prepare(office, 1, "operator");
	sim_office_lend(office, 0, FIRST);
	must_reissue(office, 0, 1);
	must_move(office, SIM_ADMIN, 0, EVENT_RECALL);
	check_certificate(office, 0, CERTIFICATE_HOLD);
	must_move(office, SIM_ADMIN, 0, EVENT_RECALL_CANCEL);
	check_state(office, 0, CARD_ACTIVE);
	check_certificate(office, 0, CERTIFICATE_VALID);
	close_office(office);
}

/* A refused loan of a temporary card suspended the holder's own card. */
static void test_refused_loan_changes_nothing(void)
{
	g_autoptr(Secret) pin = secret_new("Kq7#mZ2p", 8);
	LendRequest request = { .card = "OP1", .staff = FIRST, .pin = pin };
	SimOffice *office = open_office();
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	g_autoptr(Actor) manager = act(office, SIM_MANAGER, &op);

	sim_office_prepare(office, 0, "operator");
	sim_office_prepare(office, 1, "operator");
	sim_office_lend(office, 0, FIRST);
	sim_card_insert(office->reader, office->cards[1]);
	g_assert_false(lend_temporary(&op, &request, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_RULE);
	check_state(office, 0, CARD_ACTIVE);
	close_office(office);
}

static void test_loan_and_return(void)
{
	g_autoptr(Secret) pin = secret_new("Kq7#mZ2p", 8);
	LendRequest request = { .card = "OP7", .staff = FIRST, .pin = pin };
	SimOffice *office = open_office();
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	g_autoptr(Actor) manager = act(office, SIM_MANAGER, &op);

	sim_office_prepare(office, 0, "operator");
	sim_office_prepare(office, 7, "temporary");
	sim_office_lend(office, 0, FIRST);
	sim_card_insert(office->reader, office->cards[7]);
	g_assert_true(lend_temporary(&op, &request, &error));
	g_assert_no_error(error);
	check_state(office, 0, CARD_SUSPENDED);
	check_certificate(office, 0, CERTIFICATE_HOLD);
	check_state(office, 7, CARD_ACTIVE);
	must_move(office, SIM_CUSTODIAN, 7, EVENT_RETURN);
	check_state(office, 0, CARD_ACTIVE);
	check_certificate(office, 0, CERTIFICATE_VALID);
	close_office(office);
}

/* A card lost long ago stood first in the list of overdue ones for ever. */
static void test_lost_card_is_not_overdue(void)
{
	SuspendRequest hold = { .card = "OP0", .reason = HOLD_MISSING };
	SimOffice *office = open_office();
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(GPtrArray) before = NULL;
	g_autoptr(GPtrArray) after = NULL;
	g_auto(Op) op = { 0 };
	g_autoptr(Actor) anyone = act(office, NULL, &op);

	sim_office_prepare(office, 0, "operator");
	sim_office_lend(office, 0, FIRST);
	g_assert_true(suspend_card(&op, &hold, &error));
	tx = store_tx_read(office->house.store, &error);
	before = store_hold_since(tx, HOLD_MISSING, office->now, 20, &error);
	g_clear_pointer(&tx, store_tx_abort);
	must_move(office, SIM_CUSTODIAN, 0, EVENT_REPORT_LOST);
	tx = store_tx_read(office->house.store, &error);
	after = store_hold_since(tx, HOLD_MISSING, office->now, 20, &error);
	g_clear_pointer(&tx, store_tx_abort);
	g_assert_cmpuint(before->len, ==, 1);
	g_assert_cmpuint(after->len, ==, 0);
	close_office(office);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/symptoms/replaced-while-pending", test_replaced_while_pending);
	g_test_add_func("/symptoms/replaced-while-in-use", test_replaced_while_in_use);
	g_test_add_func("/symptoms/predecessor-is-somebody-elses",
			test_predecessor_is_somebody_elses);
	g_test_add_func("/symptoms/re-homed-into-a-stop", test_re_homed_into_a_stop);
	g_test_add_func("/symptoms/recall-cancelled-beside-another-card",
			test_recall_cancelled_beside_another_card);
	g_test_add_func("/symptoms/recall-cancelled", test_recall_cancelled);
	g_test_add_func("/symptoms/refused-loan-changes-nothing",
			test_refused_loan_changes_nothing);
	g_test_add_func("/symptoms/loan-and-return", test_loan_and_return);
	g_test_add_func("/symptoms/lost-card-is-not-overdue", test_lost_card_is_not_overdue);
	return g_test_run();
}
