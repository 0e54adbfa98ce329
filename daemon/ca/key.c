/* SPDX-License-Identifier: Apache-2.0
 * Keys: made, stored, loaded, hashed and checked against the list of allowed algorithms. */
#include "daemon/ca/key.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <string.h>

#include "daemon/ca/key_file.h"
#include "daemon/ca/ossl.h"
#include "daemon/ca/tlv.h"

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192

typedef struct KindRow {
	const char *name;
	const char *curve; /* NULL: RSA */
	gsize bits;
} KindRow;

/* clang-format off */
static const KindRow kinds[_KEY_KIND_MAX] = {
	[KEY_EC_P256]  = { "ec:P-256", "P-256", 256 },
	[KEY_EC_P384]  = { "ec:P-384", "P-384", 384 },
	[KEY_RSA_2048] = { "rsa:2048", NULL,    2048 },
	[KEY_RSA_3072] = { "rsa:3072", NULL,    3072 },
};
/* clang-format on */

static const char *const allowed_curves[] = { SN_X9_62_prime256v1, SN_secp384r1 };

gboolean key_kind_parse(const char *name, KeyKind *ret_kind, GError **error)
{
	for (KeyKind kind = 0; kind < _KEY_KIND_MAX; kind++)
		if (g_str_equal(kinds[kind].name, name)) {
			*ret_kind = kind;
			return TRUE;
		}
	return error_set(error, ERROR_USAGE,
			 N_("“%s” is not a kind of key: ec:P-256, ec:P-384, rsa:2048, rsa:3072"),
			 name);
}

const char *key_kind_name(KeyKind kind)
{
	return kinds[kind].name;
}

Key *key_generate(KeyKind kind, GError **error)
{
	const KindRow *row = &kinds[kind];
	Key *key = row->curve != NULL ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", row->curve)
				      : EVP_PKEY_Q_keygen(NULL, NULL, "RSA", row->bits);

	if (key == NULL)
		ossl_error(error, N_("Cannot make a key: %s"));
	return key;
}

Key *key_ref(Key *key)
{
	EVP_PKEY_up_ref(key);
	return key;
}

void key_free(Key *key)
{
	EVP_PKEY_free(key);
}

static gboolean is_explicit_curve(const Key *key)
{
	int is_explicit = 0;

	return EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
				      &is_explicit) &&
	       is_explicit;
}

static gboolean check_curve(const Key *key, GError **error)
{
	char curve[64] = "?";

	if (!EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL) || is_explicit_curve(key))
		return error_set(error, ERROR_CA,
				 N_("A key on an unnamed curve is not allowed: use P-256"));
	for (gsize i = 0; i < G_N_ELEMENTS(allowed_curves); i++)
		if (g_str_equal(allowed_curves[i], curve))
			return TRUE;
	return error_set(error, ERROR_CA,
			 N_("A key on the curve %s is not allowed: use P-256 or P-384"), curve);
}

static gboolean check_key(const Key *key, GError **error)
{
	int type = EVP_PKEY_get_base_id(key);
	const char *name = OBJ_nid2sn(type);

	if (type == EVP_PKEY_EC)
		return check_curve(key, error);
	if (type != EVP_PKEY_RSA)
		return error_set(error, ERROR_CA,
				 N_("A key for %s is not allowed: use P-256 or RSA"),
				 name != NULL ? name : "?");
	if (EVP_PKEY_get_bits(key) < RSA_BITS_MIN || EVP_PKEY_get_bits(key) > RSA_BITS_MAX)
		return error_set(error, ERROR_CA,
				 N_("An RSA key of %d bits is not allowed: use 2048 or more"),
				 EVP_PKEY_get_bits(key));
	return TRUE;
}

static int no_passphrase(char *to, int size, int is_writing, void *data)
{
	(void) to, (void) size, (void) is_writing, (void) data;
	return -1;
}

GBytes *key_pem(Key *key, GError **error)
{
	g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
	char *text;
	long length;

	if (bio == NULL ||
	    !PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, no_passphrase, NULL)) {
		ossl_error(error, N_("Cannot write a private key: %s"));
		return NULL;
	}
	length = BIO_get_mem_data(bio, &text);
	/* The memory BIO erases what it frees; it goes with the bytes. */
	return g_bytes_new_with_free_func(text, (gsize) length, (GDestroyNotify) BIO_free_all,
					  g_steal_pointer(&bio));
}

Key *key_parse_pem(GBytes *pem, GError **error)
{
	gsize length;
	const void *text = g_bytes_get_data(pem, &length);
	g_autoptr(BIO) bio = BIO_new_mem_buf(text, (int) length);
	g_autoptr(Key) key = NULL;

	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	if (key == NULL) {
		ossl_error(error, N_("Not a PEM private key without passphrase: %s"));
		return NULL;
	}
	return check_key(key, error) ? g_steal_pointer(&key) : NULL;
}

gboolean key_store(Key *key, const char *uri, GError **error)
{
	const char *path = key_file_path(uri, error);
	g_autoptr(GBytes) pem = path != NULL ? key_pem(key, error) : NULL;

	return pem != NULL &&
	       key_file_create(path, g_bytes_get_data(pem, NULL), g_bytes_get_size(pem), error);
}

Key *key_load(const char *uri, GError **error)
{
	const char *path = key_file_path(uri, error);
	g_autoptr(GBytes) pem = path != NULL ? key_file_read(path, error) : NULL;

	return pem != NULL ? key_parse_pem(pem, error) : NULL;
}

GBytes *key_spki(Key *key, GError **error)
{
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(key, &der);
	GBytes *spki;

	if (length <= 0) {
		ossl_error(error, N_("Cannot write a public key: %s"));
		return NULL;
	}
	spki = g_bytes_new(der, (gsize) length);
	OPENSSL_free(der);
	return spki;
}

static Key *parse_spki(GBytes *spki, GError **error)
{
	gsize length;
	const unsigned char *start = g_bytes_get_data(spki, &length), *at = start;
	g_autoptr(Key) key = length <= KEY_FILE_MAX ? d2i_PUBKEY(NULL, &at, (long) length) : NULL;

	if (key == NULL || at != start + length) {
		ossl_error(error, N_("Not a public key: %s"));
		return NULL;
	}
	return check_key(key, error) ? g_steal_pointer(&key) : NULL;
}

gboolean key_check_spki(GBytes *spki, GError **error)
{
	g_autoptr(Key) key = parse_spki(spki, error);

	return key != NULL;
}

gsize key_hash_bytes(const void *bytes, gsize length, KeyHash hash,
		     guint8 ret_hash[KEY_HASH_SIZE_MAX])
{
	if (hash == KEY_HASH_SHA1) {
		SHA1(bytes, length, ret_hash);
		return SHA_DIGEST_LENGTH;
	}
	SHA256(bytes, length, ret_hash);
	return SHA256_DIGEST_LENGTH;
}

const char *key_spki_name(GBytes *spki)
{
	g_autoptr(Key) key = parse_spki(spki, NULL);
	int bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;
	gboolean is_ec = key != NULL && EVP_PKEY_is_a(key, "EC");

	for (int i = 0; i < _KEY_KIND_MAX; i++)
		if ((kinds[i].curve != NULL) == is_ec && (int) kinds[i].bits == bits)
			return kinds[i].name;
	return "?";
}

char *key_spki_kind(GBytes *spki)
{
	g_autoptr(Key) key = parse_spki(spki, NULL);
	gboolean is_rsa = key != NULL && EVP_PKEY_is_a(key, "RSA");

	return is_rsa ? g_strdup_printf("rsa:%d", EVP_PKEY_get_bits(key))
		      : g_strdup(key_spki_name(spki));
}

gboolean key_hash_spki(GBytes *spki, KeyHash hash, guint8 ret_hash[KEY_HASH_SIZE_MAX],
		       GError **error)
{
	TlvReader reader = tlv_read(spki);
	Tlv outer, algorithm, key;

	if (!tlv_expect(&reader, TLV_SEQUENCE, &outer))
		return error_set(error, ERROR_CA, N_("Not a public key"));
	reader = tlv_inside(&outer);
	if (!tlv_expect(&reader, TLV_SEQUENCE, &algorithm) ||
	    !tlv_expect(&reader, TLV_BIT_STRING, &key) || key.length < 1)
		return error_set(error, ERROR_CA, N_("Not a public key"));
	key_hash_bytes(key.content + 1, key.length - 1, hash, ret_hash);
	return TRUE;
}

gboolean key_verify(GBytes *spki, GBytes *data, GBytes *signature, GError **error)
{
	g_autoptr(Key) key = parse_spki(spki, error);
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();

	if (key == NULL)
		return FALSE;
	if (EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
	    EVP_DigestVerify(context, g_bytes_get_data(signature, NULL),
			     g_bytes_get_size(signature), g_bytes_get_data(data, NULL),
			     g_bytes_get_size(data)) != 1)
		return ossl_error(error, N_("The signature does not fit the public key: %s"));
	return TRUE;
}
