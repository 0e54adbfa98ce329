/* SPDX-License-Identifier: Apache-2.0
 * Keys and certificates. Ours carry the label "opcard auth" and a CKA_ID of one byte; a
 * card has one pair, and a second one only while it is being renewed. */
#pragma once

#include "pkcs11/token/session.h"

/* Counts what is visible with the login there is. */
bool objects_count(Session *session, CardContents *ret_contents, CardFailure *ret_failure)
	__attribute__((warn_unused_result));

/* Makes a pair ("ec:P-256", …) and remembers it in the session; gives its DER SubjectPublicKeyInfo.
 * `first`: the card must have no key yet. Needs the user's login. */
bool objects_generate(Session *session, const char *kind, bool first, CardBytes *ret_spki,
		      CardFailure *ret_failure) __attribute__((warn_unused_result));

/* Stores a certificate beside the key at work and gives the bytes that the card then has. */
bool objects_put(Session *session, const unsigned char *der, size_t length,
		 CardBytes *ret_read_back, CardFailure *ret_failure)
	__attribute__((warn_unused_result));

/* Whether exactly this certificate (DER) lies on the card; readable without a login. DAMAGED when
 * it does not. */
bool objects_find(Session *session, const unsigned char *der, size_t length,
		  CardFailure *ret_failure) __attribute__((warn_unused_result));

/* Removes every object whose CKA_ID is not that of this certificate. Needs the user's login. */
bool objects_keep(Session *session, const unsigned char *der, size_t length,
		  CardFailure *ret_failure) __attribute__((warn_unused_result));

/* The private key at work: the one made in this conversation, else the only one of the card. */
bool objects_private_key(Session *session, CK_OBJECT_HANDLE *ret_key, CardFailure *ret_failure)
	__attribute__((warn_unused_result));
