/* SPDX-License-Identifier: Apache-2.0
 * Fails the n-th step of an operation, for every n and every kind of fault. Nothing half-made may
 * remain: what is left waits for this very card, is finished when the card is seen again, and the
 * operation then succeeds. */
#include "daemon/op/repair.h"
#include "tests/unit/fake_fault.h"
#include "tests/unit/fake_office.h"

#define FIRST  "OP000001"
#define SECOND "OP000002"
#define MANY   60

typedef struct FaultCase {
	const char *name;
	const char *card; /* lies in the reader */
	CardState from;
	CardState to;
	void (*furnish)(FakeOffice *office);
	gboolean (*act)(FakeOffice *office, GError **error);
} FaultCase;

static void must(gboolean is_done, const GError *error)
{
	g_assert_no_error(error);
	g_assert_true(is_done);
}

/* --- what is done --- */

static void furnish_spare(FakeOffice *office)
{
	fake_office_spare(office, FIRST);
}

static void furnish_waiting(FakeOffice *office)
{
	g_autoptr(GError) error = NULL;

	fake_office_spare(office, FIRST);
	fake_office_lay(office, FIRST);
	must(fake_office_issue(office, FIRST, office->holders[0], &error), error);
}

static void furnish_used(FakeOffice *office)
{
	g_autoptr(GError) error = NULL;

	furnish_waiting(office);
	must(fake_office_hand_over(office, FIRST, &error), error);
}

static void furnish_returned(FakeOffice *office)
{
	g_autoptr(GError) error = NULL;

	furnish_used(office);
	must(fake_office_move(office, FIRST, EVENT_RETURN, &error), error);
}

static void furnish_replaced(FakeOffice *office)
{
	furnish_used(office);
	fake_office_spare(office, SECOND);
}

static void furnish_replacement(FakeOffice *office)
{
	g_autoptr(GError) error = NULL;

	furnish_replaced(office);
	fake_office_lay(office, SECOND);
	must(fake_office_reissue(office, FIRST, SECOND, &error), error);
}

static gboolean act_issue(FakeOffice *office, GError **error)
{
	return fake_office_issue(office, FIRST, office->holders[0], error);
}

static gboolean act_reissue(FakeOffice *office, GError **error)
{
	return fake_office_reissue(office, FIRST, SECOND, error);
}

static gboolean act_hand_over(FakeOffice *office, GError **error)
{
	return fake_office_hand_over(office, FIRST, error);
}

static gboolean act_replace(FakeOffice *office, GError **error)
{
	return fake_office_hand_over(office, SECOND, error);
}

static gboolean act_renew(FakeOffice *office, GError **error)
{
	return fake_office_renew(office, FIRST, error);
}

static gboolean act_erase(FakeOffice *office, GError **error)
{
	return fake_office_erase(office, FIRST, error);
}

static gboolean act_lost(FakeOffice *office, GError **error)
{
	return fake_office_move(office, FIRST, EVENT_REPORT_LOST, error);
}

static gboolean act_return(FakeOffice *office, GError **error)
{
	return fake_office_move(office, FIRST, EVENT_RETURN, error);
}

/* clang-format off */
static const FaultCase cases[] = {
	{ "issue",       FIRST,  CARD_SPARE,    CARD_PENDING,  furnish_spare,       act_issue },
	{ "reissue",     SECOND, CARD_SPARE,    CARD_PENDING,  furnish_replaced,    act_reissue },
	{ "hand-over",   FIRST,  CARD_PENDING,  CARD_ACTIVE,   furnish_waiting,     act_hand_over },
	{ "replacement", SECOND, CARD_PENDING,  CARD_ACTIVE,   furnish_replacement, act_replace },
	{ "renew",       FIRST,  CARD_ACTIVE,   CARD_ACTIVE,   furnish_used,        act_renew },
	{ "erase",       FIRST,  CARD_RETURNED, CARD_ERASED,   furnish_returned,    act_erase },
	{ "report-lost", FIRST,  CARD_ACTIVE,   CARD_LOST,     furnish_used,        act_lost },
	{ "return",      FIRST,  CARD_ACTIVE,   CARD_RETURNED, furnish_used,        act_return },
};
/* clang-format on */

/* --- what must hold --- */

static guint certificates(FakeOffice *office, const char *card, CertificateState state)
{
	return fake_office_certificates(office, card, state);
}

/* Every card: one live certificate where its state says so, none elsewhere; a key only where there
 * may be one, as soon as nothing waits for the card any more. */
static void check_card(FakeOffice *office, const char *number)
{
	CardState state = fake_office_state(office, number);
	const FakeCard *card = g_hash_table_lookup(office->cards, number);
	gboolean waits = fake_office_waits(office, number);
	guint in_force = certificates(office, number, CERTIFICATE_VALID) +
			 certificates(office, number, CERTIFICATE_HOLD);
	guint pending = certificates(office, number, CERTIFICATE_PENDING);

	g_assert_cmpuint(certificates(office, number, CERTIFICATE_VALID), ==, state == CARD_ACTIVE);
	if (state != CARD_RECALLED)
		g_assert_cmpuint(in_force, ==, state == CARD_ACTIVE);
	if (!waits)
		g_assert_cmpuint(pending, ==, state == CARD_PENDING);
	if (state == CARD_PERSONALIZING)
		g_assert_true(waits);
	if (!waits && (state == CARD_SPARE || state == CARD_ERASED))
		g_assert_cmpuint(card->keys->len, ==, 0);
	if (state == CARD_PENDING || state == CARD_ACTIVE)
		g_assert_cmpuint(card->keys->len, >=, 1);
	g_assert_cmpuint(fake_office_rows(office, number), ==,
			 state != CARD_SPARE && state != CARD_PERSONALIZING);
}

static void check_office(FakeOffice *office)
{
	GHashTableIter cards;
	gpointer number;

	g_assert_cmpint(fake_fault_open_transactions(), ==, 0);
	g_hash_table_iter_init(&cards, office->cards);
	while (g_hash_table_iter_next(&cards, &number, NULL))
		check_card(office, number);
}

static void see(FakeOffice *office, const char *number)
{
	g_autoptr(GError) error = NULL;
	gboolean is_done;

	fake_office_lay(office, number);
	must(repair_seen(office->house, number, "reader1", office->now, &is_done, &error), error);
}

static gboolean act(const FaultCase *one, FakeOffice *office)
{
	g_autoptr(GError) error = NULL;
	gboolean is_done = one->act(office, &error);

	g_assert_true(is_done == (error == NULL));
	return is_done;
}

typedef struct FaultRun {
	const FaultCase *one;
	FakeFault fault;
	gboolean is_restarted;
} FaultRun;

/* FALSE when the operation has fewer steps. */
static gboolean run_at(const FaultRun *run, guint n)
{
	const FaultCase *one = run->one;
	g_autoptr(FakeOffice) office = fake_office_new();
	gboolean is_done, is_reached;
	g_autoptr(GError) error = NULL;

	one->furnish(office);
	fake_office_lay(office, one->card);
	fake_fault_arm(run->fault, n);
	is_done = act(one, office);
	is_reached = fake_fault_disarm();
	if (!is_done)
		g_assert_true(is_reached);
	g_test_message("%s, step %u %s: %s", one->name, n, fake_fault_name(run->fault),
		       is_done ? "done" : "failed");
	check_office(office);
	fake_office_lay(office, one->card);
	if (run->is_restarted) {
		fake_office_restart(office);
		see(office, one->card);
		check_office(office);
		g_assert_false(fake_office_waits(office, one->card));
	}
	/* A chip that itself refused to be erased is set aside (N31). */
	if (run->fault == FAKE_FAULT_REFUSED &&
	    fake_office_state(office, one->card) == CARD_QUARANTINED)
		return TRUE;
	if (fake_office_state(office, one->card) != one->to || one->from == one->to)
		must(one->act(office, &error), error);
	g_assert_cmpint(fake_office_state(office, one->card), ==, one->to);
	g_assert_false(fake_office_waits(office, one->card));
	check_office(office);
	return is_reached;
}

static void test_every_step(gconstpointer data)
{
	const FaultRun *run = data;
	guint n = 1;

	while (run_at(run, n)) {
		n++;
		g_assert_cmpuint(n, <, MANY);
	}
	/* An operation without steps would pass by doing nothing. */
	g_assert_cmpuint(n, >, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		for (int fault = FAKE_FAULT_REFUSED; fault < _FAKE_FAULT_MAX; fault++)
			for (int restarted = 0; restarted < 2; restarted++) {
				FaultRun *run = g_new0(FaultRun, 1);
				g_autofree char *path = g_strdup_printf(
					"/op/%s/%s%s", cases[i].name, fake_fault_name(fault),
					restarted ? "/restarted" : "");

				*run = (FaultRun){ &cases[i], fault, restarted };
				g_test_add_data_func_full(path, run, test_every_step, g_free);
			}
	return g_test_run();
}
