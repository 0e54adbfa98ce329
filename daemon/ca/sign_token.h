/* SPDX-License-Identifier: Apache-2.0
 * The CA key on a PKCS#11 token: every use is one short-lived worker process that holds the token's
 * PIN and nothing else. Never call this inside a transaction: a token may take its time. Safe from
 * several threads; one at a time reaches the token. */
#pragma once

#include <glib.h>

typedef struct SignTokenOptions {
	const char *program; /* path of opcard-card */
	const char *module;  /* path of the vendor's PKCS#11 module */
	const char *folder;  /* files the module may use; "" or NULL: none */
	const char *pin_uri; /* "file:PATH" of the token's PIN, see key_file.h */
	gint64 deadline;     /* seconds one use may take */
} SignTokenOptions;

typedef struct SignToken SignToken;

/* @uri as in token_uri.h; the token is not touched yet. Errors: USAGE. */
SignToken *sign_token_new(const char *uri, const SignTokenOptions *options,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sign_token_free(SignToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignToken, sign_token_free)

/* SubjectPublicKeyInfo DER of the key. Errors: NOT_FOUND (the token is there, the key is not), CA
 * (the token cannot be used). */
GBytes *sign_token_find(SignToken *token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes the key pair and gives its SubjectPublicKeyInfo DER. Errors: CA. */
GBytes *sign_token_generate(SignToken *token, const char *kind,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Signs SHA-256 of the bytes. After a failure the next uses fail at once for a few seconds, so that
 * many who wait do not wait one after the other; a PIN that was refused is not tried again. */
GBytes *sign_token_sign(SignToken *token, const void *bytes, gsize length,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Why the last use failed, NULL when it worked; does not wait for the token. g_error_free(). */
GError *sign_token_trouble(SignToken *token);
