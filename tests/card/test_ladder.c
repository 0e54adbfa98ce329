/* SPDX-License-Identifier: Apache-2.0
 * A card that locks after three wrong PINs: what the holder is told at each step, and that no try
 * is ever spent that nobody asked for. */
#include <glib/gstdio.h>
#include <string.h>

#include "tests/card/desk.h"

typedef struct Ladder {
	Desk *desk;
	CardClient *client;
	Secret *right;
	Secret *wrong;
} Ladder;

static void climb(Ladder *ladder, gconstpointer unused)
{
	g_autofree char *card = NULL;
	CardFailure failure;
	CardReady ready;

	(void) unused;
	ladder->desk = desk_new();
	card = g_build_filename(ladder->desk->reader, "card", NULL);
	g_assert_cmpint(g_mkdir(card, 0700), ==, 0);
	ladder->right = desk_secret("right1");
	ladder->wrong = desk_secret("wrong1");
	ladder->client = desk_start(ladder->desk, g_getenv("OPCARD_LADDER"), 60000);
	desk_ok(card_client_ready(ladder->client, &ready, &failure), &failure);
	g_assert_cmpstr(ready.serial, ==, "1234");
	g_assert_true(ready.user_pin_set);
}

static void descend(Ladder *ladder, gconstpointer unused)
{
	(void) unused;
	card_client_free(ladder->client);
	secret_free(ladder->right);
	secret_free(ladder->wrong);
	desk_free(ladder->desk);
}

static unsigned logins(const Ladder *ladder)
{
	g_autofree char *path = g_build_filename(ladder->desk->reader, "logins", NULL);
	g_autofree char *text = NULL;
	unsigned count = 0;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	for (const char *c = text; *c != '\0'; c++)
		count += *c == '\n' ? 1 : 0;
	return count;
}

static void waste_two(const Ladder *ladder)
{
	CardFailure failure;

	desk_refused(card_client_check(ladder->client, ladder->wrong, false, &failure), &failure,
		     CARD_FAILURE_PIN_WRONG);
	g_assert_cmpint(failure.tries_left, ==, -1);
	desk_refused(card_client_check(ladder->client, ladder->wrong, false, &failure), &failure,
		     CARD_FAILURE_PIN_WRONG);
	g_assert_cmpint(failure.tries_left, ==, 1);
	g_assert_cmpuint(logins(ladder), ==, 2);
}

static void test_last_try_is_asked_for(Ladder *ladder, gconstpointer unused)
{
	CardFailure failure;

	(void) unused;
	waste_two(ladder);
	desk_refused(card_client_check(ladder->client, ladder->right, false, &failure), &failure,
		     CARD_FAILURE_PIN_LAST_TRY);
	g_assert_cmpint(failure.tries_left, ==, 1);
	desk_refused(
		card_client_change(ladder->client, ladder->right, ladder->wrong, false, &failure),
		&failure, CARD_FAILURE_PIN_LAST_TRY);
	g_assert_cmpuint(logins(ladder), ==, 2);
	desk_ok(card_client_check(ladder->client, ladder->right, true, &failure), &failure);
}

static void test_locked_and_unblocked(Ladder *ladder, gconstpointer unused)
{
	g_autoptr(Secret) so_pin = desk_secret("anything");
	CardFailure failure;

	(void) unused;
	waste_two(ladder);
	desk_refused(card_client_check(ladder->client, ladder->wrong, true, &failure), &failure,
		     CARD_FAILURE_PIN_LOCKED);
	g_assert_cmpint(failure.tries_left, ==, 0);
	g_assert_cmpuint(logins(ladder), ==, 3);
	desk_refused(card_client_check(ladder->client, ladder->right, true, &failure), &failure,
		     CARD_FAILURE_PIN_LOCKED);
	g_assert_cmpuint(logins(ladder), ==, 3);
	desk_ok(card_client_unblock(ladder->client, so_pin, ladder->right, &failure), &failure);
	desk_ok(card_client_check(ladder->client, ladder->right, false, &failure), &failure);
}

/* What the card could never take costs no try. */
static void test_format_costs_nothing(Ladder *ladder, gconstpointer unused)
{
	g_autoptr(Secret) small = desk_secret("abc");
	g_autoptr(Secret) large = desk_secret("123456789");
	CardFailure failure;

	(void) unused;
	desk_refused(card_client_check(ladder->client, small, false, &failure), &failure,
		     CARD_FAILURE_PIN_FORMAT);
	desk_refused(card_client_check(ladder->client, large, false, &failure), &failure,
		     CARD_FAILURE_PIN_FORMAT);
	desk_refused(card_client_change(ladder->client, ladder->right, large, false, &failure),
		     &failure, CARD_FAILURE_PIN_FORMAT);
	g_assert_cmpuint(logins(ladder), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/card/ladder/last-try-is-asked-for", Ladder, NULL, climb,
		   test_last_try_is_asked_for, descend);
	g_test_add("/card/ladder/locked-and-unblocked", Ladder, NULL, climb,
		   test_locked_and_unblocked, descend);
	g_test_add("/card/ladder/format-costs-nothing", Ladder, NULL, climb,
		   test_format_costs_nothing, descend);
	return g_test_run();
}
