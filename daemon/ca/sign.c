/* SPDX-License-Identifier: Apache-2.0
 * Signatures by a key in this process or on a token. In this process each
 * begins as a copy of a context made once: making it anew costs a sixth of a P-256 signature. */
#include "daemon/ca/sign.h"

#include "daemon/ca/ossl.h"

/* AlgorithmIdentifier DER: RFC 5758 3.2 (no parameters), RFC 4055 5 (NULL). */
static const guint8 ecdsa_sha256[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
				       0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };
static const guint8 ecdsa_sha384[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
				       0x48, 0xce, 0x3d, 0x04, 0x03, 0x03 };
static const guint8 rsa_sha256[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
				     0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00 };

struct Signer {
	gatomicrefcount references;
	Key *key;          /* the public half only when there is a token */
	EVP_MD_CTX *ready; /* initialised for signing; only ever copied from */
	SignToken *token;  /* NULL: the key is here */
	GBytes *algorithm;
	GBytes *spki;
};

typedef struct Algorithm {
	const EVP_MD *digest;
	const guint8 *der;
	gsize length;
} Algorithm;

static Algorithm choose_algorithm(const Key *key)
{
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
		return (Algorithm){ EVP_sha256(), rsa_sha256, sizeof rsa_sha256 };
	if (EVP_PKEY_get_bits(key) > 256)
		return (Algorithm){ EVP_sha384(), ecdsa_sha384, sizeof ecdsa_sha384 };
	return (Algorithm){ EVP_sha256(), ecdsa_sha256, sizeof ecdsa_sha256 };
}

/* The caller has checked the key. */
static Signer *signer_of(Key *key, const Algorithm *algorithm, GBytes *spki)
{
	Signer *signer = g_new0(Signer, 1);

	g_atomic_ref_count_init(&signer->references);
	signer->key = key_ref(key);
	signer->spki = g_bytes_ref(spki);
	signer->algorithm = g_bytes_new_static(algorithm->der, algorithm->length);
	return signer;
}

Signer *sign_new(Key *key, GError **error)
{
	g_autoptr(GBytes) spki = key_spki(key, error);
	g_autoptr(EVP_MD_CTX) ready = EVP_MD_CTX_new();
	Algorithm algorithm;
	Signer *signer;

	if (spki == NULL || !key_check_spki(spki, error))
		return NULL;
	algorithm = choose_algorithm(key);
	if (ready == NULL || EVP_DigestSignInit(ready, NULL, algorithm.digest, NULL, key) != 1) {
		ossl_error(error, N_("Cannot sign: %s"));
		return NULL;
	}
	signer = signer_of(key, &algorithm, spki);
	signer->ready = g_steal_pointer(&ready);
	return signer;
}

Signer *sign_new_token(SignToken *token, GBytes *spki, GError **error)
{
	g_autoptr(SignToken) owned = token;
	const unsigned char *at = g_bytes_get_data(spki, NULL);
	g_autoptr(Key) key = NULL;
	Algorithm algorithm;
	Signer *signer;

	if (!key_check_spki(spki, error))
		return NULL;
	key = d2i_PUBKEY(NULL, &at, (long) g_bytes_get_size(spki));
	if (key == NULL) {
		ossl_error(error, N_("Not a public key: %s"));
		return NULL;
	}
	algorithm = choose_algorithm(key);
	if (algorithm.der == ecdsa_sha384) {
		error_set(error, ERROR_CA,
			  N_("A CA key on a token must be P-256 or RSA: it is asked to sign "
			     "SHA-256"));
		return NULL;
	}
	signer = signer_of(key, &algorithm, spki);
	signer->token = g_steal_pointer(&owned);
	return signer;
}

gboolean sign_is_remote(const Signer *signer)
{
	return signer->token != NULL;
}

gboolean sign_reach(Signer *signer, GError **error)
{
	g_autoptr(GBytes) spki = NULL;

	if (signer->token == NULL)
		return TRUE;
	spki = sign_token_find(signer->token, error);
	return spki != NULL &&
	       (g_bytes_equal(spki, signer->spki) ||
		error_set(error, ERROR_CA,
			  N_("The key on the token is not that of the CA certificate")));
}

GError *sign_trouble(Signer *signer)
{
	return signer->token != NULL ? sign_token_trouble(signer->token) : NULL;
}

Signer *sign_ref(Signer *signer)
{
	g_atomic_ref_count_inc(&signer->references);
	return signer;
}

void sign_free(Signer *signer)
{
	if (signer == NULL || !g_atomic_ref_count_dec(&signer->references))
		return;
	EVP_MD_CTX_free(signer->ready);
	key_free(signer->key);
	sign_token_free(signer->token);
	g_bytes_unref(signer->algorithm);
	g_bytes_unref(signer->spki);
	g_free(signer);
}

/* What comes from another process is believed only when it fits the public key. */
static gboolean sign_remotely(Signer *signer, const void *bytes, gsize length,
			      GBytes **ret_signature, GError **error)
{
	g_autoptr(GBytes) signature = sign_token_sign(signer->token, bytes, length, error);
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();

	if (signature == NULL)
		return FALSE;
	if (context == NULL ||
	    EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, signer->key) != 1 ||
	    EVP_DigestVerify(context, g_bytes_get_data(signature, NULL),
			     g_bytes_get_size(signature), bytes, length) != 1)
		return ossl_error(error, N_("The signature does not fit the public key: %s"));
	*ret_signature = g_steal_pointer(&signature);
	return TRUE;
}

gboolean sign_bytes(Signer *signer, const void *bytes, gsize length, GBytes **ret_signature,
		    GError **error)
{
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	gsize size = (gsize) EVP_PKEY_get_size(signer->key);
	g_autofree guint8 *signature = g_malloc(size);

	if (signer->token != NULL)
		return sign_remotely(signer, bytes, length, ret_signature, error);
	if (context == NULL || EVP_MD_CTX_copy_ex(context, signer->ready) != 1 ||
	    EVP_DigestSign(context, signature, &size, bytes, length) != 1)
		return ossl_error(error, N_("Cannot sign: %s"));
	*ret_signature = g_bytes_new_take(g_steal_pointer(&signature), size);
	return TRUE;
}

gboolean sign_check(GBytes *spki, GBytes *algorithm, GBytes *bytes, GBytes *signature,
		    GError **error)
{
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	const unsigned char *at = g_bytes_get_data(spki, NULL);
	g_autoptr(Key) key = d2i_PUBKEY(NULL, &at, (long) g_bytes_get_size(spki));
	g_autoptr(GBytes) wanted = NULL;
	Algorithm chosen;

	if (key == NULL || context == NULL)
		return ossl_error(error, N_("Not a public key: %s"));
	chosen = choose_algorithm(key);
	wanted = g_bytes_new_static(chosen.der, chosen.length);
	if (!g_bytes_equal(algorithm, wanted))
		return error_set(error, ERROR_CA, N_("Signed with an algorithm that is not ours"));
	if (EVP_DigestVerifyInit(context, NULL, chosen.digest, NULL, key) != 1 ||
	    EVP_DigestVerify(context, g_bytes_get_data(signature, NULL),
			     g_bytes_get_size(signature), g_bytes_get_data(bytes, NULL),
			     g_bytes_get_size(bytes)) != 1)
		return ossl_error(error, N_("The signature does not fit the public key: %s"));
	return TRUE;
}

GBytes *sign_algorithm(const Signer *signer)
{
	return signer->algorithm;
}

GBytes *sign_spki(const Signer *signer)
{
	return signer->spki;
}
