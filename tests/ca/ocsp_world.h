/* SPDX-License-Identifier: Apache-2.0
 * A CA with its OCSP responder and three cards, shared by the tests of OCSP. */
#pragma once

#include "daemon/ca/ocsp.h"
#include "tests/ca/fixture.h"

#define OCSP_WORLD_CARDS 3

typedef struct World {
	Fixture fixture;
	Fixture other; /* a CA we do not answer for */
	StatusIndex *index;
	OcspResponder *responder;
	Ocsp *ocsp;
	guint8 serial[OCSP_WORLD_CARDS][DER_SERIAL_SIZE];
} World;

void ocsp_world_init(World *world, const OcspSettings *settings);
void ocsp_world_clear(World *world);

/* Records card number @card; it changed 1,000 seconds ago and ends tomorrow. */
void ocsp_world_set(World *world, int card, StatusState state, int reason);

/* The request that openssl writes for @arguments. */
GBytes *ocsp_world_ask(World *world, const char *arguments);
/* A request as OpenSSL's library builds it, with a nonce of @nonce_length octets (-1: none). */
GBytes *ocsp_world_request(World *world, int count, int nonce_length);
/* Our answer, which is left in response.der too. */
OcspAnswer ocsp_world_answer(World *world, GBytes *request, gint64 now);
