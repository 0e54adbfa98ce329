/* SPDX-License-Identifier: Apache-2.0
 * Stands in for pkcs11/card_client.h at link time: cards are structs, a reader is a slot for one.
 * What a card is asked for goes through fake_fault_card(). */
#pragma once

#include <glib.h>

typedef struct FakeCard {
	char *serial; /* NULL while blank */
	char *label;
	char *so_pin;
	char *user_pin;
	GPtrArray *keys;         /* of EVP_PKEY */
	GPtrArray *certificates; /* of GBytes; as many as keys or fewer, in the same order */
	gboolean is_out;         /* pulled from the reader */
} FakeCard;

FakeCard *fake_card_client_new(void);
void fake_card_client_card_free(FakeCard *card);
/* Lays @card (or nothing, NULL) into the only reader; borrowed. */
void fake_card_client_insert(FakeCard *card);
