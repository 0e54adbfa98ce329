/* SPDX-License-Identifier: Apache-2.0
 * Certificate states (table B) and revocation reasons (RFC 5280 5.3.1). */
#pragma once

#include <glib.h>

#define CERTIFICATE_SERIAL_BYTES 16

typedef enum CertificateState {
	CERTIFICATE_PENDING,
	CERTIFICATE_VALID,
	CERTIFICATE_HOLD,
	CERTIFICATE_REVOKED,
	_CERTIFICATE_STATE_MAX,
} CertificateState;

/* CRLReason numbers of RFC 5280. */
typedef enum RevocationReason {
	REVOCATION_NONE = -1,
	REVOCATION_KEY_COMPROMISE = 1,
	REVOCATION_AFFILIATION_CHANGED = 3,
	REVOCATION_SUPERSEDED = 4,
	REVOCATION_CESSATION = 5,
	REVOCATION_HOLD = 6,
	REVOCATION_PRIVILEGE_WITHDRAWN = 9,
	_REVOCATION_REASON_MAX,
} RevocationReason;

typedef struct Certificate {
	gint64 issuer;
	guint8 serial[CERTIFICATE_SERIAL_BYTES];
	char *card;
	CertificateState state;
	RevocationReason reason;
	gint64 since; /* of hold or revocation, 0 when neither */
	gint64 not_before;
	gint64 not_after;
	GBytes *tbs;
	GBytes *der; /* NULL until signed */
	GBytes *spki;
	char *intent;
} Certificate;

void certificate_free(Certificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Certificate, certificate_free)

const char *certificate_state_name(CertificateState state);
gboolean certificate_state_parse(const char *name, CertificateState *ret_state);
/* RFC 5280 word: "keyCompromise"; NULL for NONE. */
const char *certificate_reason_name(RevocationReason reason);
gboolean certificate_reason_parse(const char *name, RevocationReason *ret_reason);

/* Table B: whether @from may become @to. Nothing leaves REVOKED. */
gboolean certificate_may(CertificateState from, CertificateState to);

/* The first that is VALID or on HOLD in an array of Certificate; NULL when there is none. Borrowed.
 */
const Certificate *certificate_in_force(const GPtrArray *list);

/* 32 lower-case hex digits. Free with g_free. */
char *certificate_serial_hex(const guint8 *serial);
