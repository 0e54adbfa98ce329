/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the CA room share: a folder, a CA, cards, and openssl as the other party. */
#pragma once

#include "daemon/ca/issuer.h"

typedef struct Fixture {
	char *folder;
	Issuer *issuer;
	gint64 now;
} Fixture;

/* A folder with ca.pem of a new CA whose key is of @kind and which began a day before @now. */
void fixture_init(Fixture *fixture, KeyKind kind, gint64 now);
/* Removes the folder and all that lies in it. */
void fixture_clear(Fixture *fixture);

/* Path of @name in the folder; valid until the next four calls. */
const char *fixture_path(const Fixture *fixture, const char *name);
void fixture_write(const Fixture *fixture, const char *name, const void *bytes, gsize length);
GBytes *fixture_read(const Fixture *fixture, const char *name);
void fixture_write_pem(const Fixture *fixture, const char *name, const char *kind, GBytes *der);

/* Runs a shell command in the folder; its stdout and stderr together. */
char *fixture_run(const Fixture *fixture, int *ret_status, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
/* Same, and fails the test unless the command succeeds. */
char *fixture_must(const Fixture *fixture, const char *format, ...) G_GNUC_PRINTF(2, 3);
void fixture_expect(const char *text, const char *part);

/* A certificate for a new P-256 key; @ret_serial receives its serial number. */
GBytes *fixture_card(const Fixture *fixture, const char *card, guint8 ret_serial[DER_SERIAL_SIZE]);
