/* SPDX-License-Identifier: Apache-2.0
 * Somebody else decides about a card while it is worked on: before every call to the card. What was
 * decided must stand. */
#include "daemon/op/repair.h"
#include "daemon/op/suspend.h"
#include "tests/unit/fake_fault.h"
#include "tests/unit/fake_office.h"

#define CARD "OP000001"
#define MANY 30

typedef struct Meanwhile {
	const char *name;
	CardEvent event; /* EVENT_SUSPEND: a hold */
	CardState to;
	guint furnish; /* 0 spare, 1 waiting, 2 in use, 3 returned */
	gboolean (*act)(FakeOffice *office, const char *card, GError **error);
} Meanwhile;

typedef struct Visit {
	const Meanwhile *one;
	FakeOffice *office;
	gboolean is_made;
} Visit;

static void must(gboolean is_done, const GError *error)
{
	g_assert_no_error(error);
	g_assert_true(is_done);
}

static gboolean act_issue(FakeOffice *office, const char *card, GError **error)
{
	return fake_office_issue(office, card, office->holders[0], error);
}

static gboolean suspend(FakeOffice *office, const char *card, GError **error)
{
	SuspendRequest request = { .card = card, .reason = HOLD_FORGOTTEN };
	g_auto(Op) op = { 0 };

	op_init(&op, office->house, &office->actor, office->now);
	return suspend_card(&op, &request, error);
}

static void visit(gpointer data)
{
	Visit *visitor = data;
	const Meanwhile *one = visitor->one;
	g_autoptr(GError) error = NULL;

	visitor->is_made = TRUE;
	must(one->event == EVENT_SUSPEND
		     ? suspend(visitor->office, CARD, &error)
		     : fake_office_move(visitor->office, CARD, one->event, &error),
	     error);
}

static void furnish(FakeOffice *office, guint how)
{
	g_autoptr(GError) error = NULL;

	fake_office_spare(office, CARD);
	fake_office_lay(office, CARD);
	if (how > 0)
		must(act_issue(office, CARD, &error), error);
	if (how > 1)
		must(fake_office_hand_over(office, CARD, &error), error);
	if (how > 2)
		must(fake_office_move(office, CARD, EVENT_RETURN, &error), error);
}

/* clang-format off */
static const Meanwhile cases[] = {
	{ "lost while it is handed over",   EVENT_REPORT_LOST, CARD_LOST,     1, fake_office_hand_over },
	{ "cancelled while handed over",    EVENT_CANCEL,      CARD_RETURNED, 1, fake_office_hand_over },
	{ "lost while it is renewed",       EVENT_REPORT_LOST, CARD_LOST,     2, fake_office_renew },
	{ "recalled while it is renewed",   EVENT_RECALL,      CARD_RECALLED, 2, fake_office_renew },
	{ "suspended while it is renewed",  EVENT_SUSPEND,     CARD_ACTIVE,   2, fake_office_renew },
	{ "lost from the safe while issued", EVENT_STOCK_LOST, CARD_LOST,     0, act_issue },
	{ "set aside while issued",         EVENT_SET_ASIDE,   CARD_QUARANTINED, 0, act_issue },
	{ "lost while it is erased",        EVENT_STOCK_LOST,  CARD_LOST,     3, fake_office_erase },
};
/* clang-format on */

static void check(FakeOffice *office, const Meanwhile *one)
{
	g_assert_cmpint(fake_office_state(office, CARD), ==, one->to);
	g_assert_false(fake_office_waits(office, CARD));
	g_assert_cmpint(fake_fault_open_transactions(), ==, 0);
	g_assert_cmpuint(fake_office_certificates(office, CARD, CERTIFICATE_VALID), ==, 0);
	g_assert_cmpuint(fake_office_certificates(office, CARD, CERTIFICATE_PENDING), ==, 0);
	g_assert_cmpuint(fake_office_certificates(office, CARD, CERTIFICATE_HOLD), ==,
			 one->to == CARD_ACTIVE || one->to == CARD_RECALLED);
}

/* FALSE when the operation makes fewer calls. */
static gboolean run_at(const Meanwhile *one, guint n)
{
	g_autoptr(FakeOffice) office = fake_office_new();
	Visit visitor = { one, office, FALSE };
	g_autoptr(GError) error = NULL;
	gboolean is_done;

	furnish(office, one->furnish);
	fake_fault_interrupt(n, visit, &visitor);
	is_done = one->act(office, CARD, &error);
	fake_fault_interrupt(0, NULL, NULL);
	if (!visitor.is_made)
		return FALSE;
	g_test_message("call %u: %s", n, is_done ? "done" : error->message);
	/* After the last commit only the old key is dropped; that may still be done. */
	if (is_done)
		g_assert_cmpint(one->to, !=, CARD_RETURNED);
	check(office, one);
	fake_office_restart(office);
	check(office, one);
	return TRUE;
}

static void test_meanwhile(gconstpointer data)
{
	guint n = 1;

	while (run_at(data, n)) {
		n++;
		g_assert_cmpuint(n, <, MANY);
	}
	g_assert_cmpuint(n, >, 1);
}

/* Both cards of one person were made; the old one's certificate ends with the new one's hand-over.
 */
static void test_superseded_before_hand_over(void)
{
	g_autoptr(FakeOffice) office = fake_office_new();
	g_autoptr(GError) error = NULL;

	furnish(office, 1);
	fake_office_spare(office, "OP000002");
	fake_office_lay(office, "OP000002");
	must(fake_office_reissue(office, CARD, "OP000002", &error), error);
	must(fake_office_hand_over(office, "OP000002", &error), error);
	fake_office_lay(office, CARD);
	g_assert_false(fake_office_hand_over(office, CARD, &error));
	g_assert_cmpint(fake_office_state(office, CARD), !=, CARD_ACTIVE);
	g_assert_cmpuint(fake_office_certificates(office, CARD, CERTIFICATE_VALID), ==, 0);
}

/* The same office with a second reader, in which the same card would be found. */
static void add_reader(FakeOffice *office)
{
	g_autofree char *path = g_build_filename(office->folder, "opcardd.conf", NULL);
	g_autofree char *folder = g_strconcat(path, ".d", NULL);
	g_autofree char *second = g_build_filename(folder, "second.conf", NULL);
	g_autofree char *text =
		g_strdup_printf("[cards]\nreaders = dir:%s/reader1, dir:%s/reader2\n",
				office->folder, office->folder);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	must(g_file_set_contents(second, text, -1, &error), error);
	config_free(office->house->config);
	office->house->config = config_load(path, &error);
	g_assert_no_error(error);
}

static gboolean see(FakeOffice *office, const char *reader, gboolean *ret_is_done)
{
	g_autoptr(GError) error = NULL;

	return repair_seen(office->house, CARD, reader, office->now, ret_is_done, &error);
}

/* N31: one reader may be at fault, two are not; and the repair of what is repaired does nothing. */
static void test_refused_in_a_second_reader(void)
{
	g_autoptr(FakeOffice) office = fake_office_new();
	g_autoptr(GError) error = NULL;
	FakeCard *card;
	gboolean is_done = FALSE;

	furnish(office, 0);
	fake_fault_arm(FAKE_FAULT_PULLED, 6);
	g_assert_false(act_issue(office, CARD, &error));
	g_assert_true(fake_fault_disarm());
	g_assert_true(fake_office_waits(office, CARD));
	add_reader(office);
	card = fake_office_lay(office, CARD);
	g_free(card->so_pin);
	card->so_pin = g_strdup("another");
	for (int turn = 0; turn < 2; turn++) {
		g_assert_false(see(office, "reader1", &is_done));
		g_assert_cmpint(fake_office_state(office, CARD), ==, CARD_PERSONALIZING);
		g_assert_true(fake_office_waits(office, CARD));
	}
	g_assert_false(see(office, "reader2", &is_done));
	g_assert_cmpint(fake_office_state(office, CARD), ==, CARD_QUARANTINED);
	g_assert_false(fake_office_waits(office, CARD));
	g_assert_cmpuint(fake_office_certificates(office, CARD, CERTIFICATE_PENDING), ==, 0);
	g_assert_true(see(office, "reader2", &is_done));
	g_assert_false(is_done);
	fake_office_restart(office);
	g_assert_cmpint(fake_office_state(office, CARD), ==, CARD_QUARANTINED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/meanwhile/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], test_meanwhile);
	}
	g_test_add_func("/meanwhile/superseded before it is handed over",
			test_superseded_before_hand_over);
	g_test_add_func("/meanwhile/refuses to be erased in a second reader",
			test_refused_in_a_second_reader);
	return g_test_run();
}
