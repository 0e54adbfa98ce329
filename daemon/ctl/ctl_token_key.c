/* SPDX-License-Identifier: Apache-2.0
 * OpenSSL 3.0 calls deprecated what this uses; its successor is a provider, ten times the text. The
 * methods are made once and live as long as the process. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "daemon/ctl/ctl_token_key.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <p11-kit/pkcs11.h>

#define SIGNATURE_MAX 1024

static int ec_index = -1;
static int rsa_index = -1;

/* C_Sign gives r and s in equal halves. */
static ECDSA_SIG *ec_sign(const unsigned char *digest, int length, const BIGNUM *kinv,
			  const BIGNUM *r, EC_KEY *key)
{
	CtlToken *token = EC_KEY_get_ex_data(key, ec_index);
	g_autoptr(GBytes) data = g_bytes_new(digest, (gsize) length);
	guint8 raw[SIGNATURE_MAX];
	gsize n = ctl_token_sign(token, CKM_ECDSA, data, raw, sizeof raw);
	ECDSA_SIG *signature = n > 0 && n % 2 == 0 ? ECDSA_SIG_new() : NULL;

	(void) kinv, (void) r;
	if (signature != NULL)
		(void) ECDSA_SIG_set0(signature, BN_bin2bn(raw, (int) n / 2, NULL),
				      BN_bin2bn(raw + n / 2, (int) n / 2, NULL));
	return signature;
}

typedef int (*EcSign)(int, const unsigned char *, int, unsigned char *, unsigned int *,
		      const BIGNUM *, const BIGNUM *, EC_KEY *);
typedef int (*EcSetup)(EC_KEY *, BN_CTX *, BIGNUM **, BIGNUM **);

/* OpenSSL's own way to DER goes through ec_sign(). */
static EC_KEY_METHOD *ec_method(void)
{
	EC_KEY_METHOD *method = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
	EcSign sign;
	EcSetup setup;

	EC_KEY_METHOD_get_sign(method, &sign, &setup, NULL);
	EC_KEY_METHOD_set_sign(method, sign, setup, ec_sign);
	return method;
}

static EVP_PKEY *new_ec(CtlToken *token, EVP_PKEY *public_key)
{
	static EC_KEY_METHOD *method;
	EC_KEY *key = EC_KEY_dup(EVP_PKEY_get0_EC_KEY(public_key));
	EVP_PKEY *private_key = EVP_PKEY_new();

	if (method == NULL) {
		ec_index = EC_KEY_get_ex_new_index(0, NULL, NULL, NULL, NULL);
		method = ec_method();
	}
	if (key != NULL && private_key != NULL && EC_KEY_set_method(key, method) == 1 &&
	    EC_KEY_set_ex_data(key, ec_index, token) == 1 &&
	    EVP_PKEY_assign_EC_KEY(private_key, key) == 1)
		return private_key;
	EC_KEY_free(key);
	EVP_PKEY_free(private_key);
	return NULL;
}

/* PSS comes here padded already. */
static int rsa_private_encrypt(int length, const unsigned char *from, unsigned char *to, RSA *key,
			       int padding)
{
	CtlToken *token = RSA_get_ex_data(key, rsa_index);
	g_autoptr(GBytes) data = g_bytes_new(from, (gsize) length);
	gulong mechanism = padding == RSA_PKCS1_PADDING ? CKM_RSA_PKCS : CKM_RSA_X_509;
	gsize n;

	if (padding != RSA_PKCS1_PADDING && padding != RSA_NO_PADDING)
		return -1;
	n = ctl_token_sign(token, mechanism, data, to, (gsize) RSA_size(key));
	return n > 0 ? (int) n : -1;
}

static EVP_PKEY *new_rsa(CtlToken *token, EVP_PKEY *public_key)
{
	static RSA_METHOD *method;
	RSA *key = RSAPublicKey_dup(EVP_PKEY_get0_RSA(public_key));
	EVP_PKEY *private_key = EVP_PKEY_new();

	if (method == NULL) {
		rsa_index = RSA_get_ex_new_index(0, NULL, NULL, NULL, NULL);
		method = RSA_meth_dup(RSA_PKCS1_OpenSSL());
		(void) RSA_meth_set_priv_enc(method, rsa_private_encrypt);
		(void) RSA_meth_set_flags(method, RSA_METHOD_FLAG_NO_CHECK | RSA_FLAG_EXT_PKEY);
	}
	if (key != NULL && private_key != NULL && RSA_set_method(key, method) == 1 &&
	    RSA_set_ex_data(key, rsa_index, token) == 1 &&
	    EVP_PKEY_assign_RSA(private_key, key) == 1)
		return private_key;
	RSA_free(key);
	EVP_PKEY_free(private_key);
	return NULL;
}

EVP_PKEY *ctl_token_key_new(CtlToken *token, EVP_PKEY *public_key)
{
	switch (EVP_PKEY_get_base_id(public_key)) {
	case EVP_PKEY_EC:
		return new_ec(token, public_key);
	case EVP_PKEY_RSA:
		return new_rsa(token, public_key);
	default:
		return NULL;
	}
}
