/* SPDX-License-Identifier: Apache-2.0
 * The whole life of a card through opcard-card, against real SoftHSM. */
#include <string.h>

#include "tests/card/desk.h"

static const unsigned char nonce[CARD_NONCE_SIZE] = "0123456789abcdef0123456789abcde";

static void test_blank_card(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(CardClient) client = NULL;
	g_autoptr(CardClient) again = NULL;
	char serial[CARD_SERIAL_SIZE] = "";
	CardFailure failure;
	CardReady ready;

	client = desk_meet(desk, &ready);
	g_assert_false(ready.initialised);
	g_assert_cmpstr(ready.serial, ==, "");
	g_assert_cmpstr(ready.walls, ==, "");
	desk_ok(card_client_initialise(client, so_pin, "OP000001 千葉", serial, &failure),
		&failure);
	g_assert_cmpuint(strlen(serial), ==, 16);
	desk_refused(card_client_initialise(client, so_pin, "OP000002", serial, &failure), &failure,
		     CARD_FAILURE_NOT_BLANK);
	desk_ok(card_client_stop(client, &failure), &failure);

	again = desk_meet(desk, &ready);
	g_assert_true(ready.initialised);
	g_assert_false(ready.user_pin_set);
	g_assert_cmpstr(ready.serial, ==, serial);
	g_assert_cmpstr(ready.label, ==, "OP000001 千葉");
	g_assert_cmpuint(ready.pin_min, ==, 4);
	g_assert_nonnull(strchr(ready.alphabet, '7'));
}

static void test_rekey_and_wipe(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) old = desk_secret(DESK_SO);
	g_autoptr(Secret) new = desk_secret(DESK_SO2);
	g_autoptr(CardClient) client = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardContents contents;
	CardBytes spki;
	CardFailure failure;
	CardReady ready;

	desk_initialise(desk, serial);
	client = desk_meet(desk, &ready);
	desk_ok(card_client_rekey(client, old, new, &failure), &failure);
	desk_refused(card_client_rekey(client, old, new, &failure), &failure, CARD_FAILURE_FOREIGN);
	g_assert_cmpint(failure.card, ==, CARD_INTACT);
	desk_refused(card_client_wipe(client, old, "X", &failure), &failure, CARD_FAILURE_FOREIGN);
	g_assert_cmpint(failure.card, ==, CARD_INTACT);
	desk_ok(card_client_generate(client, new, "ec:P-256", &spki, &failure), &failure);
	desk_ok(card_client_inspect(client, &contents, &failure), &failure);
	g_assert_cmpuint(contents.objects, ==, 2);
	g_assert_true(contents.user_pin_set);
	desk_refused(card_client_generate(client, new, "ec:P-256", &spki, &failure), &failure,
		     CARD_FAILURE_NOT_EMPTY);
	desk_ok(card_client_wipe(client, new, "OP000009", &failure), &failure);
	desk_ok(card_client_inspect(client, &contents, &failure), &failure);
	g_assert_cmpuint(contents.objects, ==, 0);
	g_assert_false(contents.user_pin_set);
	card_client_free(g_steal_pointer(&client));

	client = desk_meet(desk, &ready);
	g_assert_cmpstr(ready.serial, ==, serial);
	g_assert_cmpstr(ready.label, ==, "OP000009");
}

static void test_issue(gconstpointer kind)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(Secret) pin = desk_secret(DESK_PIN);
	g_autoptr(CardClient) client = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardBytes spki;
	CardBytes certificate;
	CardBytes back;
	CardBytes signature;
	CardFailure failure;
	CardReady ready;

	desk_initialise(desk, serial);
	client = desk_meet(desk, &ready);
	desk_ok(card_client_wipe(client, so_pin, "OP000001", &failure), &failure);
	desk_ok(card_client_generate(client, so_pin, kind, &spki, &failure), &failure);
	desk_certify(&spki, &certificate);
	desk_ok(card_client_put(client, certificate.bytes, certificate.length, &back, &failure),
		&failure);
	g_assert_cmpmem(back.bytes, back.length, certificate.bytes, certificate.length);
	desk_ok(card_client_prove(client, nonce, &signature, &failure), &failure);
	g_assert_true(desk_verify(&spki, nonce, &signature));
	signature.bytes[signature.length - 1] ^= 1;
	g_assert_false(desk_verify(&spki, nonce, &signature));
	card_client_free(g_steal_pointer(&client));

	client = desk_meet(desk, &ready);
	desk_ok(card_client_unblock(client, so_pin, pin, &failure), &failure);
	desk_ok(card_client_check(client, pin, false, &failure), &failure);
	desk_ok(card_client_prove(client, nonce, &signature, &failure), &failure);
	g_assert_true(desk_verify(&spki, nonce, &signature));
}

static void test_pins(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(Secret) wrong_so = desk_secret(DESK_SO2);
	g_autoptr(Secret) pin = desk_secret(DESK_PIN);
	g_autoptr(Secret) other = desk_secret("Heron82");
	g_autoptr(Secret) small = desk_secret("abc");
	g_autoptr(Secret) kana = desk_secret("パスワード");
	g_autoptr(CardClient) client = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardFailure failure;
	CardReady ready;

	desk_initialise(desk, serial);
	client = desk_meet(desk, &ready);
	desk_refused(card_client_check(client, pin, false, &failure), &failure,
		     CARD_FAILURE_PIN_NOT_SET);
	desk_refused(card_client_unblock(client, wrong_so, pin, &failure), &failure,
		     CARD_FAILURE_FOREIGN);
	desk_refused(card_client_unblock(client, so_pin, small, &failure), &failure,
		     CARD_FAILURE_PIN_FORMAT);
	desk_refused(card_client_unblock(client, so_pin, kana, &failure), &failure,
		     CARD_FAILURE_PIN_FORMAT);
	desk_ok(card_client_unblock(client, so_pin, pin, &failure), &failure);
	desk_refused(card_client_check(client, other, false, &failure), &failure,
		     CARD_FAILURE_PIN_WRONG);
	g_assert_cmpint(failure.tries_left, ==, -1);
	g_assert_cmpint(failure.card, ==, CARD_INTACT);
	g_assert_cmpuint(failure.ckr, ==, 0xa0);
	g_assert_null(strstr(failure.text, "Heron"));
	desk_ok(card_client_check(client, pin, false, &failure), &failure);
	desk_refused(card_client_change(client, other, pin, false, &failure), &failure,
		     CARD_FAILURE_PIN_WRONG);
	desk_ok(card_client_change(client, pin, other, false, &failure), &failure);
	desk_refused(card_client_check(client, pin, false, &failure), &failure,
		     CARD_FAILURE_PIN_WRONG);
	desk_ok(card_client_check(client, other, false, &failure), &failure);
}

/* A renewal: a second key beside the first, then only the new one; or the old one again. */
static void test_renewal(gconstpointer keep_new)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Secret) pin = desk_secret(DESK_PIN);
	g_autoptr(CardClient) client = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardBytes spki[2];
	CardBytes certificate[2];
	CardBytes back;
	CardBytes signature;
	CardContents contents;
	CardFailure failure;
	CardReady ready;
	int kept = keep_new != NULL ? 1 : 0;

	desk_initialise(desk, serial);
	desk_personalise(desk, &spki[0], &certificate[0]);
	client = desk_meet(desk, &ready);
	desk_refused(card_client_generate_next(client, "ec:P-256", &spki[1], &failure), &failure,
		     CARD_FAILURE_PROTOCOL);
	desk_ok(card_client_check(client, pin, false, &failure), &failure);
	desk_ok(card_client_generate_next(client, "ec:P-256", &spki[1], &failure), &failure);
	desk_certify(&spki[1], &certificate[1]);
	desk_ok(card_client_put(client, certificate[1].bytes, certificate[1].length, &back,
				&failure),
		&failure);
	desk_ok(card_client_prove(client, nonce, &signature, &failure), &failure);
	g_assert_true(desk_verify(&spki[1], nonce, &signature));
	card_client_free(g_steal_pointer(&client));

	client = desk_meet(desk, &ready);
	desk_ok(card_client_check(client, pin, false, &failure), &failure);
	desk_refused(card_client_prove(client, nonce, &signature, &failure), &failure,
		     CARD_FAILURE_DAMAGED);
	desk_ok(card_client_keep(client, certificate[kept].bytes, certificate[kept].length,
				 &failure),
		&failure);
	desk_ok(card_client_inspect(client, &contents, &failure), &failure);
	g_assert_cmpuint(contents.objects, ==, 3);
	desk_ok(card_client_prove(client, nonce, &signature, &failure), &failure);
	g_assert_true(desk_verify(&spki[kept], nonce, &signature));
	desk_refused(card_client_keep(client, certificate[1 - kept].bytes,
				      certificate[1 - kept].length, &failure),
		     &failure, CARD_FAILURE_DAMAGED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card/conversation/blank", test_blank_card);
	g_test_add_func("/card/conversation/rekey-and-wipe", test_rekey_and_wipe);
	g_test_add_data_func("/card/conversation/issue/P-256", "ec:P-256", test_issue);
	g_test_add_data_func("/card/conversation/issue/RSA-2048", "rsa:2048", test_issue);
	g_test_add_func("/card/conversation/pins", test_pins);
	g_test_add_data_func("/card/conversation/renewal/kept", "new", test_renewal);
	g_test_add_data_func("/card/conversation/renewal/undone", NULL, test_renewal);
	return g_test_run();
}
