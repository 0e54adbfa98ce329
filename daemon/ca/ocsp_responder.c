/* SPDX-License-Identifier: Apache-2.0
 * The OCSP responder's key and certificate: made, stored as one file, loaded, renewed in time. */
#include "daemon/ca/ocsp_responder.h"

#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <string.h>

#include "daemon/ca/key_file.h"
#include "daemon/ca/name.h"
#include "daemon/ca/ossl.h"

#define DAY (24 * 60 * 60)

/* Valid a little earlier, for clients whose clock is slow. */
#define BACKDATED_SECONDS 300

struct OcspResponder {
	gatomicrefcount references;
	Issuer *issuer;
	Signer *signer;
	GBytes *certificate;
	gint64 not_before;
	gint64 not_after;
	guint8 key_hash[KEY_HASH_SIZE_MAX];
};

/* Certified by @issuer, now or at some time, for @signer's key. */
static gboolean check_facts(const DerFacts *facts, const Issuer *issuer, const Signer *signer,
			    GError **error)
{
	if (!g_bytes_equal(facts->issuer_name, issuer_subject(issuer)))
		return error_set(error, ERROR_CA,
				 N_("The OCSP certificate is from another CA: make a new one"));
	if (!g_bytes_equal(facts->spki, sign_spki(signer)))
		return error_set(error, ERROR_CA,
				 N_("The OCSP certificate has another key: make a new one"));
	return TRUE;
}

static gboolean check_signature(GBytes *certificate, const Issuer *issuer, GError **error)
{
	const unsigned char *at = g_bytes_get_data(certificate, NULL);
	const unsigned char *key_at = g_bytes_get_data(issuer_spki(issuer), NULL);
	g_autoptr(X509) parsed = d2i_X509(NULL, &at, (long) g_bytes_get_size(certificate));
	g_autoptr(Key) key =
		d2i_PUBKEY(NULL, &key_at, (long) g_bytes_get_size(issuer_spki(issuer)));

	return (parsed != NULL && key != NULL && X509_verify(parsed, key) == 1) ||
	       ossl_error(error, N_("The OCSP certificate is not signed by this CA: %s"));
}

static OcspResponder *responder_new(const Issuer *issuer, Key *key, GBytes *certificate,
				    GError **error)
{
	g_autoptr(Signer) signer = sign_new(key, error);
	g_auto(DerFacts) facts = { 0 };
	guint8 hash[KEY_HASH_SIZE_MAX];
	OcspResponder *responder;

	if (signer == NULL || !der_read(certificate, &facts, error) ||
	    !check_facts(&facts, issuer, signer, error) ||
	    !check_signature(certificate, issuer, error) ||
	    !key_hash_spki(facts.spki, KEY_HASH_SHA1, hash, error))
		return NULL;
	responder = g_new0(OcspResponder, 1);
	g_atomic_ref_count_init(&responder->references);
	responder->issuer = issuer_ref(issuer);
	responder->signer = g_steal_pointer(&signer);
	responder->certificate = g_bytes_ref(certificate);
	responder->not_before = facts.not_before;
	responder->not_after = facts.not_after;
	memcpy(responder->key_hash, hash, sizeof hash);
	return responder;
}

static GBytes *certify(const Issuer *issuer, Key *key, gint64 now, GError **error)
{
	guint8 serial[DER_SERIAL_SIZE];
	g_autoptr(GBytes) name = name_parse("CN=opcard OCSP", error);
	g_autoptr(GBytes) spki = key_spki(key, error);
	g_autoptr(GBytes) tbs = NULL;
	IssuerRequest request = {
		.profile = PROFILE_OCSP,
		.serial = serial,
		.subject_name = name,
		.spki = spki,
		.not_before = MAX(now - BACKDATED_SECONDS, issuer_not_before(issuer)),
	};

	if (name == NULL || spki == NULL || !der_serial_new(serial, error))
		return NULL;
	tbs = issuer_prepare(issuer, &request, NULL, error);
	return tbs != NULL ? issuer_sign(issuer, tbs, error) : NULL;
}

static gboolean store(const char *path, Key *key, GBytes *certificate, GError **error)
{
	g_autofree char *certificate_pem = der_pem("CERTIFICATE", certificate);
	g_autoptr(GBytes) key_pem_bytes = key_pem(key, error);
	gsize key_length, length = strlen(certificate_pem);
	g_autofree char *both = NULL;
	gboolean is_stored;

	if (key_pem_bytes == NULL)
		return FALSE;
	key_length = g_bytes_get_size(key_pem_bytes);
	both = g_malloc(key_length + length);
	memcpy(both, g_bytes_get_data(key_pem_bytes, NULL), key_length);
	memcpy(both + key_length, certificate_pem, length);
	is_stored = key_file_replace(path, both, key_length + length, error);
	OPENSSL_cleanse(both, key_length);
	return is_stored;
}

OcspResponder *ocsp_responder_create(const Issuer *issuer, const char *path, gint64 now,
				     GError **error)
{
	g_autoptr(Key) key = key_generate(KEY_EC_P256, error);
	g_autoptr(GBytes) certificate = key != NULL ? certify(issuer, key, now, error) : NULL;
	g_autoptr(OcspResponder) responder =
		certificate != NULL ? responder_new(issuer, key, certificate, error) : NULL;

	if (responder == NULL || !store(path, key, certificate, error))
		return NULL;
	return g_steal_pointer(&responder);
}

static GBytes *read_certificate(GBytes *pem, GError **error)
{
	g_autoptr(BIO) bio =
		BIO_new_mem_buf(g_bytes_get_data(pem, NULL), (int) g_bytes_get_size(pem));
	g_autoptr(X509) parsed = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	unsigned char *der = NULL;
	int length = parsed != NULL ? i2d_X509(parsed, &der) : 0;
	GBytes *certificate;

	if (length <= 0) {
		ossl_error(error, N_("The OCSP responder's file holds no certificate: %s"));
		return NULL;
	}
	certificate = g_bytes_new(der, (gsize) length);
	OPENSSL_free(der);
	return certificate;
}

OcspResponder *ocsp_responder_load(const Issuer *issuer, const char *path, GError **error)
{
	g_autoptr(GBytes) pem = key_file_read(path, error);
	g_autoptr(Key) key = pem != NULL ? key_parse_pem(pem, error) : NULL;
	g_autoptr(GBytes) certificate = key != NULL ? read_certificate(pem, error) : NULL;

	return certificate != NULL ? responder_new(issuer, key, certificate, error) : NULL;
}

OcspResponder *ocsp_responder_ref(OcspResponder *responder)
{
	g_atomic_ref_count_inc(&responder->references);
	return responder;
}

void ocsp_responder_free(OcspResponder *responder)
{
	if (responder == NULL || !g_atomic_ref_count_dec(&responder->references))
		return;
	issuer_free(responder->issuer);
	sign_free(responder->signer);
	g_bytes_unref(responder->certificate);
	g_free(responder);
}

gboolean ocsp_responder_is_due(const OcspResponder *responder, gint64 now)
{
	return now < responder->not_before ||
	       responder->not_after - now <= OCSP_RESPONDER_RENEW_DAYS * DAY;
}

gboolean ocsp_responder_is_usable(const OcspResponder *responder, gint64 now)
{
	return now >= responder->not_before && now <= responder->not_after;
}

gint64 ocsp_responder_not_after(const OcspResponder *responder)
{
	return responder->not_after;
}

const Issuer *ocsp_responder_issuer(const OcspResponder *responder)
{
	return responder->issuer;
}

GBytes *ocsp_responder_certificate(const OcspResponder *responder)
{
	return responder->certificate;
}

Signer *ocsp_responder_signer(const OcspResponder *responder)
{
	return responder->signer;
}

const guint8 *ocsp_responder_key_hash(const OcspResponder *responder)
{
	return responder->key_hash;
}
