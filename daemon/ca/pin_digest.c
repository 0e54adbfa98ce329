/* SPDX-License-Identifier: Apache-2.0
 * OpenSSL does the work; only the order of the two steps is ours. */
#include "daemon/ca/pin_digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "daemon/base/error.h"
#include "daemon/ca/ossl.h"
#include "pkcs11/secret.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secret, secret_free)

#define SCRYPT_N      (1 << 15)
#define SCRYPT_R      8
#define SCRYPT_P      1
#define SCRYPT_MEMORY (64 << 20) /* octets; OpenSSL's own limit is too low */

GBytes *pin_digest_salt(GError **error)
{
	guint8 salt[PIN_DIGEST_SALT_SIZE];

	if (RAND_bytes(salt, sizeof salt) != 1) {
		ossl_error(error, N_("No random numbers: %s"));
		return NULL;
	}
	return g_bytes_new(salt, sizeof salt);
}

GBytes *pin_digest_make(const SoPinKey *key, const Secret *pin, GBytes *salt, GError **error)
{
	g_autoptr(Secret) pepper = so_pin_pepper(key, error);
	guint8 peppered[EVP_MAX_MD_SIZE], digest[PIN_DIGEST_SIZE];
	unsigned length = 0;
	gboolean is_made;

	if (pepper == NULL)
		return NULL;
	is_made = HMAC(EVP_sha256(), secret_data(pepper), (int) secret_length(pepper),
		       (const guint8 *) secret_data(pin), secret_length(pin), peppered,
		       &length) != NULL &&
		  EVP_PBE_scrypt((const char *) peppered, length, g_bytes_get_data(salt, NULL),
				 g_bytes_get_size(salt), SCRYPT_N, SCRYPT_R, SCRYPT_P,
				 SCRYPT_MEMORY, digest, sizeof digest) == 1;
	OPENSSL_cleanse(peppered, sizeof peppered);
	if (!is_made) {
		ossl_error(error, N_("Cannot compare with earlier PINs: %s"));
		return NULL;
	}
	return g_bytes_new(digest, sizeof digest);
}

gboolean pin_digest_equal(GBytes *a, GBytes *b)
{
	gsize length = g_bytes_get_size(a);

	return length == g_bytes_get_size(b) &&
	       CRYPTO_memcmp(g_bytes_get_data(a, NULL), g_bytes_get_data(b, NULL), length) == 0;
}
