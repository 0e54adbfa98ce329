/* SPDX-License-Identifier: Apache-2.0
 * The one key pair on a token that is found by its label. */
#pragma once

#include "pkcs11/token/session.h"

typedef struct TokenSignKey {
	CK_OBJECT_HANDLE private;
	CardBytes spki; /* length 0: there is no such key */
} TokenSignKey;

/* Needs the user's login. Two keys of that label, or half of one, are a failure. */
bool token_sign_key_find(Session *session, const char *label, TokenSignKey *ret_key,
			 CardFailure *ret_failure) __attribute__((warn_unused_result));
/* Makes a pair of `kind` that cannot leave the token. What an earlier attempt left half made is
 * removed. */
bool token_sign_key_make(Session *session, const char *label, const char *kind,
			 TokenSignKey *ret_key, CardFailure *ret_failure)
	__attribute__((warn_unused_result));
