/* SPDX-License-Identifier: Apache-2.0
 * SO PINs derived from the master key. The derived stream is long enough that throwing away the
 * octets that would favour some characters practically never uses it up. */
#include "daemon/ca/so_pin.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#include "daemon/ca/key.h"
#include "daemon/ca/key_file.h"
#include "daemon/ca/ossl.h"
#include "pkcs11/secret.h"

#define STREAM_SIZE 256
#define PIN_MAX     16
#define KEY_ID_SIZE 4

#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

typedef struct FamilyRow {
	const char *name;
	const char *alphabet;
	gsize length;
} FamilyRow;

/* Changing a row locks out every card of the family that is in use. */
static const FamilyRow families[] = {
	{ "softhsm", LETTERS DIGITS, 16 },
	{ "pkcs11", LETTERS DIGITS, 16 },
	{ "pkcs15", DIGITS, 8 },
};

struct SoPinKey {
	guint8 bytes[SO_PIN_KEY_SIZE];
	char id[2 * KEY_ID_SIZE + 1];
};

static SoPinKey *key_new(const guint8 bytes[SO_PIN_KEY_SIZE])
{
	SoPinKey *key = g_new0(SoPinKey, 1);
	guint8 hash[KEY_HASH_SIZE_MAX];

	memcpy(key->bytes, bytes, SO_PIN_KEY_SIZE);
	key_hash_bytes(bytes, SO_PIN_KEY_SIZE, KEY_HASH_SHA256, hash);
	for (int i = 0; i < KEY_ID_SIZE; i++)
		g_snprintf(key->id + 2 * i, 3, "%02x", hash[i]);
	OPENSSL_cleanse(hash, sizeof hash);
	return key;
}

SoPinKey *so_pin_key_create(const char *uri, GError **error)
{
	const char *path = key_file_path(uri, error);
	guint8 bytes[SO_PIN_KEY_SIZE];
	SoPinKey *key = NULL;

	if (path == NULL)
		return NULL;
	if (RAND_priv_bytes(bytes, sizeof bytes) != 1)
		ossl_error(error, N_("No random numbers: %s"));
	else if (key_file_create(path, bytes, sizeof bytes, error))
		key = key_new(bytes);
	OPENSSL_cleanse(bytes, sizeof bytes);
	return key;
}

SoPinKey *so_pin_key_load(const char *uri, GError **error)
{
	const char *path = key_file_path(uri, error);
	g_autoptr(GBytes) bytes = path != NULL ? key_file_read(path, error) : NULL;

	if (bytes == NULL)
		return NULL;
	if (g_bytes_get_size(bytes) != SO_PIN_KEY_SIZE) {
		error_set(error, ERROR_CA, N_("%s is not a master key of 32 bytes"), path);
		return NULL;
	}
	return key_new(g_bytes_get_data(bytes, NULL));
}

void so_pin_key_free(SoPinKey *key)
{
	if (key == NULL)
		return;
	OPENSSL_cleanse(key, sizeof *key);
	g_free(key);
}

const char *so_pin_key_id(const SoPinKey *key)
{
	return key->id;
}

static gboolean derive_stream(const SoPinKey *key, const char *salt, const char *info,
			      guint8 stream[STREAM_SIZE], GError **error)
{
	g_autoptr(EVP_KDF) kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	g_autoptr(EVP_KDF_CTX) context = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *) "SHA256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *) key->bytes,
						  SO_PIN_KEY_SIZE),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *) salt, strlen(salt)),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *) info, strlen(info)),
		OSSL_PARAM_construct_end(),
	};

	return (context != NULL && EVP_KDF_derive(context, stream, STREAM_SIZE, params) == 1) ||
	       ossl_error(error, N_("Cannot derive an SO PIN: %s"));
}

/* Octets at or above the largest multiple of the alphabet's size are thrown away. */
static Secret *sample(const FamilyRow *family, const guint8 stream[STREAM_SIZE], GError **error)
{
	gsize size = strlen(family->alphabet), fair = 256 / size * size, filled = 0;
	char pin[PIN_MAX];
	Secret *secret = NULL;

	for (gsize i = 0; i < STREAM_SIZE && filled < family->length; i++)
		if (stream[i] < fair)
			pin[filled++] = family->alphabet[stream[i] % size];
	if (filled == family->length)
		secret = secret_new(pin, filled);
	OPENSSL_cleanse(pin, sizeof pin);
	if (secret == NULL)
		error_set(error, ERROR_INTERNAL, N_("Cannot derive an SO PIN"));
	return secret;
}

static const FamilyRow *find_family(const char *name, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(families); i++)
		if (g_str_equal(families[i].name, name))
			return &families[i];
	error_set(error, ERROR_USAGE, N_("There is no card family “%s”"), name);
	return NULL;
}

static Secret *derive(const SoPinKey *key, const char *family, const char *purpose,
		      const char *salt, GError **error)
{
	const FamilyRow *row = find_family(family, error);
	g_autofree char *info = g_strdup_printf("%s %s %s", family, purpose, key->id);
	guint8 stream[STREAM_SIZE];
	Secret *secret = NULL;

	if (row == NULL)
		return NULL;
	if (*salt == '\0') {
		error_set(error, ERROR_USAGE, N_("A card without number has no SO PIN"));
		return NULL;
	}
	if (derive_stream(key, salt, info, stream, error))
		secret = sample(row, stream, error);
	OPENSSL_cleanse(stream, sizeof stream);
	return secret;
}

Secret *so_pin_card(const SoPinKey *key, const char *family, const char *chip_serial,
		    GError **error)
{
	return derive(key, family, "so-pin", chip_serial, error);
}

Secret *so_pin_pepper(const SoPinKey *key, GError **error)
{
	g_autofree char *info = g_strdup_printf("pin-history %s", key->id);
	guint8 stream[STREAM_SIZE];
	Secret *secret = NULL;

	if (derive_stream(key, "", info, stream, error)) {
		secret = secret_new(stream, SO_PIN_KEY_SIZE);
		if (secret == NULL)
			error_set(error, ERROR_INTERNAL, N_("Cannot derive a pepper"));
	}
	OPENSSL_cleanse(stream, sizeof stream);
	return secret;
}

Secret *so_pin_transport(const SoPinKey *key, const char *family, const char *face_number,
			 GError **error)
{
	return derive(key, family, "so-pin-transport", face_number, error);
}
