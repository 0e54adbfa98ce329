/* SPDX-License-Identifier: Apache-2.0
 * The seam between what is signed and where the private key lives: bytes in, signature out.
 * Nothing else in the room touches a private key. Safe from several threads at once. */
#pragma once

#include "daemon/ca/key.h"
#include "daemon/ca/sign_token.h"

typedef struct Signer Signer;

/* Signs with @key in this process (a reference is taken). ECDSA or RSA PKCS#1 v1.5, SHA-256;
 * SHA-384 with P-384. */
Signer *sign_new(Key *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Signs by the key on @token (taken over) whose public half is @spki; nothing is tried yet. RSA or
 * P-256 with SHA-256. */
Signer *sign_new_token(SignToken *token, GBytes *spki, GError **error) G_GNUC_WARN_UNUSED_RESULT;
Signer *sign_ref(Signer *signer);
void sign_free(Signer *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Signer, sign_free)

/* The key is on a token: slow, and perhaps out of reach. */
gboolean sign_is_remote(const Signer *signer);
/* Whether the key can be used now; a key in this process always can. Errors: CA. */
gboolean sign_reach(Signer *signer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why a key on a token could not be used the last time, else NULL. Never waits. g_error_free(). */
GError *sign_trouble(Signer *signer);

/* Signs @length bytes. Errors: CA. */
gboolean sign_bytes(Signer *signer, const void *bytes, gsize length, GBytes **ret_signature,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Checks @signature over @bytes under the public key @spki; @algorithm must be the one this room
 * would sign with. Errors: CA. */
gboolean sign_check(GBytes *spki, GBytes *algorithm, GBytes *bytes, GBytes *signature,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* AlgorithmIdentifier DER of the signatures; owned by @signer. */
GBytes *sign_algorithm(const Signer *signer);
/* SubjectPublicKeyInfo DER that verifies the signatures; owned by @signer. */
GBytes *sign_spki(const Signer *signer);
