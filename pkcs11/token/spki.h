/* SPDX-License-Identifier: Apache-2.0
 * Kinds of keys, and the public half of one as a SubjectPublicKeyInfo (RFC 5280 4.1.2.7). */
#pragma once

#include "pkcs11/token/session.h"

typedef struct SpkiKind {
	const char *name;
	CK_KEY_TYPE type;
	CK_MECHANISM_TYPE generate;
	CK_ULONG bits;
	const unsigned char *curve; /* DER object identifier; NULL: RSA */
	size_t curve_length;
} SpkiKind;

/* NULL: no such kind. */
const SpkiKind *spki_kind(const char *name);

/* DER of a public key object; what the card says is checked to be a key of that kind. */
bool spki_read(Session *session, const SpkiKind *kind, CK_OBJECT_HANDLE object, CardBytes *ret_spki,
	       CardFailure *ret_failure) __attribute__((warn_unused_result));
