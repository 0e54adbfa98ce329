/* SPDX-License-Identifier: Apache-2.0
 * Signing a nonce. Hashed here, because not every card knows CKM_ECDSA_SHA256. */
#include "pkcs11/token/prove.h"

#include <openssl/ec.h>
#include <openssl/sha.h>
#include <string.h>

#include "pkcs11/token/objects.h"

/* DigestInfo of SHA-256 (RFC 8017 9.2, note 1); the hash follows. */
static const unsigned char digest_info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
					     0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
					     0x01, 0x05, 0x00, 0x04, 0x20 };

static bool key_type(Session *session, CK_OBJECT_HANDLE key, CK_KEY_TYPE *ret_type,
		     CardFailure *ret_failure)
{
	CK_ATTRIBUTE type = { CKA_KEY_TYPE, ret_type, sizeof *ret_type };

	return session_read(session->p11->C_GetAttributeValue(session->handle, key, &type, 1),
			    "read the key's type", ret_failure);
}

/* r and s side by side → SEQUENCE of two INTEGERs. */
static bool to_der(CardBytes *signature)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	int half = (int) (signature->length / 2);
	BIGNUM *r = BN_bin2bn(signature->bytes, half, NULL);
	BIGNUM *s = BN_bin2bn(signature->bytes + half, half, NULL);
	unsigned char *end = signature->bytes;
	int length;

	if (pair == NULL || r == NULL || s == NULL || half == 0 || signature->length % 2 != 0 ||
	    !ECDSA_SIG_set0(pair, r, s)) {
		BN_free(r);
		BN_free(s);
		ECDSA_SIG_free(pair);
		return false;
	}
	length = i2d_ECDSA_SIG(pair, NULL);
	if (length > 0 && (size_t) length <= sizeof signature->bytes)
		signature->length = (size_t) i2d_ECDSA_SIG(pair, &end);
	ECDSA_SIG_free(pair);
	return length > 0;
}

bool prove_digest(Session *session, CK_OBJECT_HANDLE key, const unsigned char *digest,
		  CardBytes *ret_signature, CardFailure *ret_failure)
{
	unsigned char input[sizeof digest_info + SHA256_DIGEST_LENGTH];
	unsigned char *hash = input + sizeof digest_info;
	CK_ULONG size = sizeof ret_signature->bytes;
	CK_MECHANISM mechanism = { CKM_ECDSA, NULL, 0 };
	CK_KEY_TYPE type = CKK_EC;
	CK_RV rv;

	if (!key_type(session, key, &type, ret_failure))
		return false;
	memcpy(input, digest_info, sizeof digest_info);
	memcpy(hash, digest, SHA256_DIGEST_LENGTH);
	if (type == CKK_RSA)
		mechanism.mechanism = CKM_RSA_PKCS;
	rv = session->p11->C_SignInit(session->handle, &mechanism, key);
	if (rv == CKR_OK)
		rv = session->p11->C_Sign(session->handle, type == CKK_RSA ? input : hash,
					  type == CKK_RSA ? sizeof input : SHA256_DIGEST_LENGTH,
					  ret_signature->bytes, &size);
	if (!session_read(rv, "sign", ret_failure))
		return false;
	ret_signature->length = size;
	if (size == 0 || size > 1024 || (type != CKK_RSA && !to_der(ret_signature)))
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the card's signature is not one");
	return true;
}

bool prove_sign(Session *session, const unsigned char *nonce, size_t length,
		CardBytes *ret_signature, CardFailure *ret_failure)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	CK_OBJECT_HANDLE key;

	(void) SHA256(nonce, length, hash);
	return objects_private_key(session, &key, ret_failure) &&
	       prove_digest(session, key, hash, ret_signature, ret_failure);
}
