/* SPDX-License-Identifier: Apache-2.0
 * Public keys: PKCS#11 attributes → DER. Built by OpenSSL, so a point off the curve is noticed. */
#include "pkcs11/token/spki.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <string.h>

#define PART_MAX 1024

static const unsigned char p256[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };

/* clang-format off */
static const SpkiKind kinds[] = {
	{ "ec:P-256", CKK_EC,  CKM_EC_KEY_PAIR_GEN,       256,  p256, sizeof p256 },
	{ "rsa:2048", CKK_RSA, CKM_RSA_PKCS_KEY_PAIR_GEN, 2048, NULL, 0 },
	{ "rsa:3072", CKK_RSA, CKM_RSA_PKCS_KEY_PAIR_GEN, 3072, NULL, 0 },
};
/* clang-format on */

typedef struct Part {
	CK_ULONG length;
	unsigned char bytes[PART_MAX];
} Part;

const SpkiKind *spki_kind(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static bool read_part(Session *session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
		      Part *ret_part, CardFailure *ret_failure)
{
	CK_ATTRIBUTE attribute = { type, ret_part->bytes, sizeof ret_part->bytes };

	if (!session_read(session->p11->C_GetAttributeValue(session->handle, object, &attribute, 1),
			  "read the public key", ret_failure))
		return false;
	if (attribute.ulValueLen == 0 || attribute.ulValueLen > sizeof ret_part->bytes)
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the card has no public key for its key");
	ret_part->length = attribute.ulValueLen;
	return true;
}

static EVP_PKEY *build(const char *type, OSSL_PARAM *parameters)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (context == NULL || EVP_PKEY_fromdata_init(context) <= 0 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	return key;
}

/* The standard wants the point as an OCTET STRING; some modules give it bare. */
static EVP_PKEY *build_ec(const Part *point)
{
	const unsigned char *bytes = point->bytes;
	size_t length = point->length;
	OSSL_PARAM parameters[3];
	char curve[] = "P-256";

	if (length == 67 && bytes[0] == 0x04 && bytes[1] == 65) {
		bytes += 2;
		length -= 2;
	}
	if (length != 65 || bytes[0] != 0x04)
		return NULL;
	parameters[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0);
	parameters[1] =
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *) bytes, length);
	parameters[2] = OSSL_PARAM_construct_end();
	return build("EC", parameters);
}

static EVP_PKEY *build_rsa(const Part *modulus, const Part *exponent)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_bin2bn(modulus->bytes, (int) modulus->length, NULL);
	BIGNUM *e = BN_bin2bn(exponent->bytes, (int) exponent->length, NULL);
	OSSL_PARAM *parameters = NULL;
	EVP_PKEY *key = NULL;

	if (builder != NULL && n != NULL && e != NULL &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e))
		parameters = OSSL_PARAM_BLD_to_param(builder);
	if (parameters != NULL)
		key = build("RSA", parameters);
	OSSL_PARAM_free(parameters);
	OSSL_PARAM_BLD_free(builder);
	BN_free(n);
	BN_free(e);
	return key;
}

static bool encode(EVP_PKEY *key, const SpkiKind *kind, CardBytes *ret_spki)
{
	unsigned char *end = ret_spki->bytes;
	int length;

	if (key == NULL || EVP_PKEY_get_bits(key) != (int) kind->bits)
		return false;
	length = i2d_PUBKEY(key, NULL);
	if (length <= 0 || (size_t) length > sizeof ret_spki->bytes)
		return false;
	ret_spki->length = (size_t) i2d_PUBKEY(key, &end);
	return true;
}

bool spki_read(Session *session, const SpkiKind *kind, CK_OBJECT_HANDLE object, CardBytes *ret_spki,
	       CardFailure *ret_failure)
{
	Part first;
	Part second;
	EVP_PKEY *key;
	bool worked;

	if (kind->type == CKK_EC) {
		if (!read_part(session, object, CKA_EC_POINT, &first, ret_failure))
			return false;
		key = build_ec(&first);
	} else {
		if (!read_part(session, object, CKA_MODULUS, &first, ret_failure) ||
		    !read_part(session, object, CKA_PUBLIC_EXPONENT, &second, ret_failure))
			return false;
		key = build_rsa(&first, &second);
	}
	worked = encode(key, kind, ret_spki);
	EVP_PKEY_free(key);
	return worked || card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					  "the card's public key is not of kind %s", kind->name);
}
