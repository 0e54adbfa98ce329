/* SPDX-License-Identifier: Apache-2.0
 * Cards without readers: takes the place of pkcs11/card_client.c at link time. A card has an SO
 * PIN, a PIN and at most two real P-256 keys, and refuses what a card refuses. One thread only. */
#pragma once

#include <glib.h>

#include "pkcs11/card_client.h"

typedef struct SimCard SimCard;

/* A blank card that will call itself @serial once it is initialised. */
SimCard *sim_card_new(const char *serial);
void sim_card_free(SimCard *card);
/* @reader is the path of the configuration without "dir:". NULL takes the card out. */
void sim_card_insert(const char *reader, SimCard *card);

guint sim_card_keys(const SimCard *card);
/* The certificate beside key @index, NULL while there is none. Borrowed. */
GBytes *sim_card_certificate(const SimCard *card, guint index);

/* The @nth call from now on (1 = the next) fails with @kind, @is_late: after it has done its work.
 * 0 = no call fails. */
void sim_card_fail(guint nth, CardFailureKind kind, gboolean is_late);
/* Called once, before the @nth call from now on: what happens elsewhere meanwhile. */
void sim_card_meanwhile(guint nth, void (*act)(gpointer data), gpointer data);
