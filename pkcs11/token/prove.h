/* SPDX-License-Identifier: Apache-2.0
 * Proof that the card holds the key. */
#pragma once

#include "pkcs11/token/session.h"

/* Signs a SHA-256 of 32 octets with that key, in the same forms. */
bool prove_digest(Session *session, CK_OBJECT_HANDLE key, const unsigned char *digest,
		  CardBytes *ret_signature, CardFailure *ret_failure)
	__attribute__((warn_unused_result));

/* Signs SHA-256(nonce): ECDSA as DER Ecdsa-Sig-Value, RSA as PKCS#1 v1.5. Needs the user's login.
 */
bool prove_sign(Session *session, const unsigned char *nonce, size_t length,
		CardBytes *ret_signature, CardFailure *ret_failure)
	__attribute__((warn_unused_result));
