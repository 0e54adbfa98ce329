/* SPDX-License-Identifier: Apache-2.0
 * A desk for tests: a temporary folder with one reader, and conversations about the card in it. */
#pragma once

#include <glib.h>

#include "pkcs11/card_client.h"

#define DESK_SO  "so-pin-of-tests-1"
#define DESK_SO2 "so-pin-of-tests-2"
#define DESK_PIN "Tulip47"

typedef struct Desk {
	char *root;   /* mkdtemp */
	char *reader; /* root/reader */
} Desk;

Desk *desk_new(void);
void desk_free(Desk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secret, secret_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CardClient, card_client_free)

/* Starts and waits for READY; asserts that both work. */
CardClient *desk_meet(const Desk *desk, CardReady *ret_ready);

/* Starts and waits for READY, which must fail; gives how. */
CardFailure desk_fail(const Desk *desk, const char *module, const char *serial);

/* Starts only. */
CardClient *desk_start(const Desk *desk, const char *module, unsigned deadline_ms);

Secret *desk_secret(const char *text);

/* A card of ours in the reader, SO PIN DESK_SO; gives its serial. */
void desk_initialise(const Desk *desk, char ret_serial[CARD_SERIAL_SIZE]);

/* The same, with key, certificate and user PIN DESK_PIN; gives SPKI and certificate. */
void desk_personalise(const Desk *desk, CardBytes *ret_spki, CardBytes *ret_certificate);

/* The reader's only folder, and its way out and in again. */
char *desk_card_path(const Desk *desk);
char *desk_pull(const Desk *desk);
void desk_insert(const Desk *desk, const char *pulled);

/* A certificate (DER) over this public key, signed by a throw-away key. */
void desk_certify(const CardBytes *spki, CardBytes *ret_certificate);

/* Is it a signature over the nonce by this public key? */
gboolean desk_verify(const CardBytes *spki, const unsigned char *nonce, const CardBytes *signature);

/* Asserts on success of a call, showing the failure's text. */
#define desk_ok(call, failure)                                                                     \
	G_STMT_START                                                                               \
	{                                                                                          \
		if (!(call))                                                                       \
			g_error("%s: %s: %s", #call, card_failure_name((failure)->kind),           \
				(failure)->text);                                                  \
	}                                                                                          \
	G_STMT_END

/* Asserts that a call fails with this kind. */
#define desk_refused(call, failure, expected)                                                      \
	G_STMT_START                                                                               \
	{                                                                                          \
		g_assert_false(call);                                                              \
		g_assert_cmpstr(card_failure_name((failure)->kind), ==,                            \
				card_failure_name(expected));                                      \
	}                                                                                          \
	G_STMT_END
