/* SPDX-License-Identifier: Apache-2.0
 * Private keys of the CA and the OCSP responder, and public keys as SubjectPublicKeyInfo DER.
 * Only algorithms of the list of allowed ones pass; every other is refused by name. */
#pragma once

#include <glib.h>

/* OpenSSL's EVP_PKEY under our own name, so that other rooms need no OpenSSL header. */
typedef struct evp_pkey_st Key;

typedef enum KeyKind {
	KEY_EC_P256,
	KEY_EC_P384,
	KEY_RSA_2048,
	KEY_RSA_3072,
	_KEY_KIND_MAX,
} KeyKind;

typedef enum KeyHash {
	KEY_HASH_SHA1,   /* 20 octets: CertID, key identifiers */
	KEY_HASH_SHA256, /* 32 octets: CertID */
	_KEY_HASH_MAX,
} KeyHash;

#define KEY_HASH_SIZE_MAX 32

/* "ec:P-256" (default), "ec:P-384", "rsa:2048", "rsa:3072". Errors: USAGE. */
gboolean key_kind_parse(const char *name, KeyKind *ret_kind,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *key_kind_name(KeyKind kind);

Key *key_generate(KeyKind kind, GError **error) G_GNUC_WARN_UNUSED_RESULT;
Key *key_ref(Key *key);
void key_free(Key *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Key, key_free)

/* Unencrypted PEM PKCS#8 at @uri ("file:PATH"), see key_file_create(). */
gboolean key_store(Key *key, const char *uri, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Refuses files others may read and algorithms that are not allowed. */
Key *key_load(const char *uri, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same PEM in memory, wiped with its last reference. */
GBytes *key_pem(Key *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
Key *key_parse_pem(GBytes *pem, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SubjectPublicKeyInfo DER of @key. */
GBytes *key_spki(Key *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Fails with CA and names the algorithm unless @spki is RSA of 2048 bits or more, P-256 or P-384.
 */
gboolean key_check_spki(GBytes *spki, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "ec:P-256" … of a key that is allowed; "?" otherwise. Static. */
const char *key_spki_name(GBytes *spki);
/* The same in full, whatever its size: "rsa:4096"; "?" when it is never allowed. */
char *key_spki_kind(GBytes *spki);
/* Hash of the subjectPublicKey BIT STRING's content (RFC 5280 4.2.1.2, RFC 6960 4.1.1). */
gboolean key_hash_spki(GBytes *spki, KeyHash hash, guint8 ret_hash[KEY_HASH_SIZE_MAX],
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Plain hash of @bytes; returns its length (20 or 32). */
gsize key_hash_bytes(const void *bytes, gsize length, KeyHash hash,
		     guint8 ret_hash[KEY_HASH_SIZE_MAX]);

/* Checks @signature over SHA-256(@data) by the holder of @spki: RSA PKCS#1 v1.5, or ECDSA as DER.
 * Errors: CA. */
gboolean key_verify(GBytes *spki, GBytes *data, GBytes *signature,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
