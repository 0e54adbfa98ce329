/* SPDX-License-Identifier: Apache-2.0
 * Everything that goes wrong at a desk: cards pulled, foreign, two at a time, damaged; a module or
 * a child that is missing, killed or stopped; and bytes that are no frames. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pkcs11/card_verb.h"
#include "pkcs11/child.h"
#include "tests/card/desk.h"

static const unsigned char nonce[CARD_NONCE_SIZE] = "0123456789abcdef0123456789abcde";

static void assert_kind(const CardFailure *failure, const char *name)
{
	if (strcmp(card_failure_name(failure->kind), name) != 0)
		g_error("%s expected, not %s: %s", name, card_failure_name(failure->kind),
			failure->text);
}

static void test_pulled_before(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autofree char *pulled = NULL;
	char first[CARD_SERIAL_SIZE];
	char second[CARD_SERIAL_SIZE];
	CardFailure failure;

	desk_initialise(desk, first);
	pulled = desk_pull(desk);
	failure = desk_fail(desk, NULL, first);
	assert_kind(&failure, "no-card");
	desk_initialise(desk, second);
	failure = desk_fail(desk, NULL, first);
	assert_kind(&failure, "wrong-card");
}

static void test_pulled_in_the_middle(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(CardClient) client = NULL;
	g_autofree char *pulled = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardBytes spki;
	CardBytes certificate;
	CardBytes back;
	CardFailure failure;
	CardReady ready;

	desk_initialise(desk, serial);
	client = desk_meet(desk, &ready);
	desk_ok(card_client_generate(client, so_pin, "ec:P-256", &spki, &failure), &failure);
	desk_certify(&spki, &certificate);
	pulled = desk_pull(desk);
	desk_refused(
		card_client_put(client, certificate.bytes, certificate.length, &back, &failure),
		&failure, CARD_FAILURE_NO_CARD);
	g_assert_cmpint(failure.card, ==, CARD_GONE);
	desk_refused(card_client_prove(client, nonce, &back, &failure), &failure,
		     CARD_FAILURE_NO_CARD);
	g_assert_cmpint(failure.card, ==, CARD_GONE);
}

/* Another card in its place must not get what was meant for the first. */
static void test_swapped_in_the_middle(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(Secret) pin = desk_secret(DESK_PIN);
	g_autoptr(CardClient) client = NULL;
	g_autofree char *pulled = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardFailure failure;
	CardReady ready;

	desk_initialise(desk, serial);
	client = desk_meet(desk, &ready);
	pulled = desk_pull(desk);
	desk_initialise(desk, serial);
	desk_refused(card_client_unblock(client, so_pin, pin, &failure), &failure,
		     CARD_FAILURE_NO_CARD);
	g_assert_cmpint(failure.card, ==, CARD_GONE);
	card_client_free(g_steal_pointer(&client));
	client = desk_meet(desk, &ready);
	g_assert_false(ready.user_pin_set);
}

static void test_blank_no_longer_blank(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(CardClient) client = NULL;
	g_autoptr(GDir) folder = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardFailure failure;
	CardReady ready;

	client = desk_meet(desk, &ready);
	desk_initialise(desk, serial);
	desk_refused(card_client_initialise(client, so_pin, "OP2", serial, &failure), &failure,
		     CARD_FAILURE_NO_CARD);
	folder = g_dir_open(desk->reader, 0, NULL);
	g_assert_nonnull(g_dir_read_name(folder));
	g_assert_null(g_dir_read_name(folder));
}

static void test_two_cards(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Desk) other = desk_new();
	g_autofree char *pulled = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardFailure failure;

	desk_initialise(desk, serial);
	desk_initialise(other, serial);
	pulled = desk_pull(other);
	desk_insert(desk, pulled);
	failure = desk_fail(desk, NULL, NULL);
	assert_kind(&failure, "two-cards");
}

static void test_foreign(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(CardClient) client = NULL;
	g_autofree char *path = g_build_filename(desk->root, "softhsm2.conf", NULL);
	g_autofree char *text = g_strdup_printf("directories.tokendir = %s\n", desk->reader);
	g_autofree char *output = NULL;
	const char *const argv[] = {
		"softhsm2-util", "--init-token", "--free", "--label", "stranger",
		"--so-pin",      "87654321",     "--pin",  "123456",  NULL
	};
	CardFailure failure;
	CardReady ready;
	CardBytes spki;
	int status = -1;

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_setenv("SOFTHSM2_CONF", path, TRUE);
	g_assert_true(g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
				   &output, NULL, &status, NULL));
	g_assert_cmpint(status, ==, 0);
	client = desk_meet(desk, &ready);
	g_assert_cmpstr(ready.label, ==, "stranger");
	desk_refused(card_client_wipe(client, so_pin, "OURS", &failure), &failure,
		     CARD_FAILURE_FOREIGN);
	g_assert_cmpint(failure.card, ==, CARD_INTACT);
	desk_refused(card_client_generate(client, so_pin, "ec:P-256", &spki, &failure), &failure,
		     CARD_FAILURE_FOREIGN);
	g_assert_cmpint(failure.card, ==, CARD_INTACT);
}

/* SoftHSM leaves such a token out; it must not look like a blank card. */
static void test_damaged(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autofree char *card = NULL;
	g_autofree char *object = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardFailure failure;

	desk_initialise(desk, serial);
	card = desk_card_path(desk);
	object = g_build_filename(card, "token.object", NULL);
	g_assert_true(g_file_set_contents(object, "\0\1\2garbage\377\377\377\377", 15, NULL));
	failure = desk_fail(desk, NULL, NULL);
	assert_kind(&failure, "damaged");
	g_assert_cmpint(g_unlink(object), ==, 0);
	failure = desk_fail(desk, NULL, NULL);
	assert_kind(&failure, "damaged");
}

/* Any byte of a card's files may be wrong: an answer of some kind comes in any case, even if
 * SoftHSM itself dies of it. */
static void test_damaged_anywhere(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) pin = desk_secret(DESK_PIN);
	g_autofree char *card = NULL;
	g_autoptr(GDir) folder = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardBytes spki;
	CardBytes certificate;
	const char *name;

	desk_initialise(desk, serial);
	desk_personalise(desk, &spki, &certificate);
	card = desk_card_path(desk);
	folder = g_dir_open(card, 0, NULL);
	while ((name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *path = g_build_filename(card, name, NULL);
		g_autofree char *good = NULL;
		gsize length;

		g_assert_true(g_file_get_contents(path, &good, &length, NULL));
		for (unsigned round = 0; round < 6 && length > 0; round++) {
			g_autofree char *bad = g_memdup2(good, length);
			g_autoptr(CardClient) client = desk_start(desk, NULL, 5000);
			CardFailure failure = { 0 };
			CardReady ready;

			bad[g_test_rand_int_range(0, (int) length)] ^= (char) 0xff;
			g_assert_true(g_file_set_contents(path, bad, (gssize) length, NULL));
			if (!card_client_ready(client, &ready, &failure) ||
			    !card_client_check(client, pin, false, &failure) ||
			    !card_client_prove(client, nonce, &certificate, &failure))
				g_assert_cmpint(failure.kind, !=, CARD_FAILURE_NONE);
		}
		g_assert_true(g_file_set_contents(path, good, (gssize) length, NULL));
	}
}

static void test_missing_things(void)
{
	g_autoptr(Desk) desk = desk_new();
	CardClientOptions options = { .program = "/nonexistent/opcard-card",
				      .family = "softhsm",
				      .reader = desk->reader,
				      .deadline_ms = 60000 };
	CardFailure failure = desk_fail(desk, "/nonexistent/module.so", NULL);
	CardClient *client;

	assert_kind(&failure, "module");
	failure = desk_fail(desk, "/etc/passwd", NULL);
	assert_kind(&failure, "module");
	failure = desk_fail(desk, "libcrypto.so.3", NULL);
	assert_kind(&failure, "module");
	g_assert_cmpint(g_rmdir(desk->reader), ==, 0);
	failure = desk_fail(desk, NULL, NULL);
	assert_kind(&failure, "reader");
	client = card_client_start(&options, &failure);
	g_assert_null(client);
	assert_kind(&failure, "system");
}

static void test_killed(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(CardClient) client = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardFailure failure;
	CardReady ready;
	CardBytes spki;

	desk_initialise(desk, serial);
	client = desk_meet(desk, &ready);
	g_assert_cmpint(kill(card_client_pid(client), SIGKILL), ==, 0);
	desk_refused(card_client_generate(client, so_pin, "rsa:2048", &spki, &failure), &failure,
		     CARD_FAILURE_CRASHED);
	g_assert_cmpint(failure.ended_signal, ==, SIGKILL);
	g_assert_cmpint(failure.card, ==, CARD_UNKNOWN);
	g_assert_false(card_client_stop(client, &failure));
}

static void test_stopped(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(CardClient) client = desk_start(desk, NULL, 500);
	CardContents contents;
	CardFailure failure;
	int pid = card_client_pid(client);

	g_assert_cmpint(kill(pid, SIGSTOP), ==, 0);
	desk_refused(card_client_inspect(client, &contents, &failure), &failure,
		     CARD_FAILURE_TIMEOUT);
	g_assert_cmpint(kill(pid, 0), ==, -1);
}

/* Ends by itself, never by a signal, whatever comes in. */
static void converse_garbage(gboolean greeted)
{
	Child child;
	ChildEnd end;
	unsigned char bytes[512];
	size_t length = (size_t) g_test_rand_int_range(1, sizeof bytes);

	for (size_t i = 0; i < length; i++)
		bytes[i] = (unsigned char) g_test_rand_int();
	if (greeted) {
		/* A proper verb and a proper tag, and nonsense behind. */
		bytes[0] = 0;
		bytes[1] = (unsigned char) g_test_rand_int_range(0, _CARD_VERB_MAX);
		bytes[2] = 0;
		bytes[3] = (unsigned char) g_test_rand_int_range(0, _CARD_TAG_MAX);
	}
	g_assert_cmpint(child_spawn(g_getenv("OPCARD_CARD"), NULL, &child), ==, 0);
	g_assert_cmpint(send(child.socket, bytes, length, MSG_NOSIGNAL), ==, length);
	end = child_end(&child, frame_deadline_in(30000));
	g_assert_cmpint(end.signal, ==, 0);
	g_assert_false(end.by_us);
	g_assert_cmpint(end.status, ==, 1);
}

static void test_garbage(void)
{
	for (unsigned i = 0; i < 20; i++)
		converse_garbage(i % 2 == 0);
}

static void test_requests_out_of_order(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(Secret) pin = desk_secret(DESK_PIN);
	g_autoptr(CardClient) client = NULL;
	char serial[CARD_SERIAL_SIZE];
	unsigned char large[CARD_BYTES_MAX + 1] = { 0 };
	CardBytes bytes;
	CardFailure failure;
	CardReady ready;

	client = desk_meet(desk, &ready);
	g_assert_false(card_client_wipe(client, so_pin, "X", &failure));
	g_assert_false(card_client_generate(client, so_pin, "ec:P-256", &bytes, &failure));
	g_assert_false(card_client_check(client, pin, false, &failure));
	g_assert_false(card_client_prove(client, nonce, &bytes, &failure));
	g_assert_false(card_client_put(client, "x", 1, &bytes, &failure));
	g_assert_false(card_client_keep(client, "x", 1, &failure));
	desk_refused(card_client_initialise(client, so_pin, "操作者用ICカード一二三四", serial,
					    &failure),
		     &failure, CARD_FAILURE_PROTOCOL);
	desk_ok(card_client_initialise(client, so_pin, "OP", serial, &failure), &failure);
	desk_refused(card_client_put(client, large, sizeof large, &bytes, &failure), &failure,
		     CARD_FAILURE_PROTOCOL);
	desk_refused(card_client_generate(client, so_pin, "ec:P-999", &bytes, &failure), &failure,
		     CARD_FAILURE_PROTOCOL);
	desk_ok(card_client_generate(client, so_pin, "ec:P-256", &bytes, &failure), &failure);
	desk_refused(card_client_put(client, "not DER", 7, &bytes, &failure), &failure,
		     CARD_FAILURE_PROTOCOL);
	g_assert_cmpint(failure.card, ==, CARD_INTACT);
	desk_ok(card_client_prove(client, nonce, &bytes, &failure), &failure);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card/failure/pulled-before", test_pulled_before);
	g_test_add_func("/card/failure/pulled-in-the-middle", test_pulled_in_the_middle);
	g_test_add_func("/card/failure/swapped-in-the-middle", test_swapped_in_the_middle);
	g_test_add_func("/card/failure/blank-no-longer-blank", test_blank_no_longer_blank);
	g_test_add_func("/card/failure/two-cards", test_two_cards);
	g_test_add_func("/card/failure/foreign", test_foreign);
	g_test_add_func("/card/failure/damaged", test_damaged);
	g_test_add_func("/card/failure/damaged-anywhere", test_damaged_anywhere);
	g_test_add_func("/card/failure/missing-things", test_missing_things);
	g_test_add_func("/card/failure/killed", test_killed);
	g_test_add_func("/card/failure/stopped", test_stopped);
	g_test_add_func("/card/failure/garbage", test_garbage);
	g_test_add_func("/card/failure/out-of-order", test_requests_out_of_order);
	return g_test_run();
}
