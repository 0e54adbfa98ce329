/* SPDX-License-Identifier: Apache-2.0
 * Talks to one `opcard-card --sign`: opens a token, finds the one key, signs digests with it. One
 * conversation with one deadline; what goes wrong is a CardFailure, and every further call fails
 * with the same one. A client belongs to one thread at a time. */
#pragma once

#include "pkcs11/card_client.h"

#define SIGN_CLIENT_DIGEST_SIZE 32

typedef struct SignClientOptions {
	const char *program; /* path of opcard-card */
	const char *module;  /* path of the PKCS#11 module */
	const char *folder;  /* files of the token that the module may use, or NULL */
	const char *token;   /* its label */
	const char *object;  /* label of the key pair */
	const Secret *pin;
	unsigned deadline_ms; /* of the whole conversation, from start on */
} SignClientOptions;

typedef struct SignClient SignClient;

/* NULL: could not be started. */
SignClient *sign_client_start(const SignClientOptions *options,
			      CardFailure *ret_failure) CARD_CLIENT_CHECKED;
/* Waits until the token is open and logged in. Gives the key's SubjectPublicKeyInfo; its length is
 * 0 when the token has no such key. Must come first. */
bool sign_client_ready(SignClient *client, CardBytes *ret_spki,
		       CardFailure *ret_failure) CARD_CLIENT_CHECKED;
/* Makes the key pair ("ec:P-256", "rsa:2048", "rsa:3072") and gives its SubjectPublicKeyInfo. */
bool sign_client_generate(SignClient *client, const char *kind, CardBytes *ret_spki,
			  CardFailure *ret_failure) CARD_CLIENT_CHECKED;
/* Signs a SHA-256: ECDSA as DER, RSA as PKCS#1 v1.5. */
bool sign_client_sign(SignClient *client, const unsigned char digest[SIGN_CLIENT_DIGEST_SIZE],
		      CardBytes *ret_signature, CardFailure *ret_failure) CARD_CLIENT_CHECKED;
/* Ends the child. NULL is allowed. */
void sign_client_free(SignClient *client);
