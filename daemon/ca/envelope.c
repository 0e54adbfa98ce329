/* SPDX-License-Identifier: Apache-2.0
 * CMS by OpenSSL, streamed: only a few kilobytes are in memory while sealing. */
#include "daemon/ca/envelope.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "daemon/ca/ossl.h"

struct Envelope {
	CMS_ContentInfo *cms;
	BIO *to;    /* the caller's */
	BIO *chain; /* in front of @to */
};

typedef STACK_OF(X509) Recipients;

static void recipients_free(Recipients *recipients)
{
	sk_X509_pop_free(recipients, X509_free);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recipients, recipients_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CMS_ContentInfo, CMS_ContentInfo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)

static X509 *read_recipient(GBytes *pem, GError **error)
{
	gsize length;
	const void *text = g_bytes_get_data(pem, &length);
	g_autoptr(BIO) bio = BIO_new_mem_buf(text, (int) length);
	X509 *certificate = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

	ERR_clear_error();
	if (certificate == NULL)
		error_set(error, ERROR_USAGE,
			  N_("the recipient of the backups is no PEM certificate; make a key away "
			     "from this server: openssl req -x509 -newkey rsa:3072 -days 3650 "
			     "-subj /CN=backup -keyout backup.key -out backup.pem, and put only "
			     "backup.pem here"));
	return certificate;
}

static gboolean is_time(const ASN1_TIME *time, gint64 *ret_at)
{
	int days, seconds;
	ASN1_TIME *zero = ASN1_TIME_set(NULL, 0);
	gboolean is_read = zero != NULL && ASN1_TIME_diff(&days, &seconds, zero, time);

	ASN1_TIME_free(zero);
	if (is_read)
		*ret_at = (gint64) days * 86400 + seconds;
	return is_read;
}

gboolean envelope_check(GBytes *recipient, gint64 *ret_not_after, GError **error)
{
	g_autoptr(X509) certificate = read_recipient(recipient, error);
	g_autoptr(BIO) nowhere = certificate != NULL ? BIO_new(BIO_s_null()) : NULL;
	g_autoptr(Envelope) envelope = NULL;

	if (certificate == NULL)
		return FALSE;
	envelope = envelope_seal(recipient, nowhere, error);
	return envelope != NULL && envelope_write(envelope, "", 1, error) &&
	       envelope_finish(envelope, error) &&
	       (is_time(X509_get0_notAfter(certificate), ret_not_after) ||
		ossl_error(error, N_("the recipient's certificate has no readable end: %s")));
}

Envelope *envelope_seal(GBytes *recipient, BIO *to, GError **error)
{
	g_autoptr(Envelope) envelope = g_new0(Envelope, 1);
	X509 *certificate = read_recipient(recipient, error);
	g_autoptr(Recipients) recipients = NULL;

	if (certificate == NULL)
		return NULL;
	recipients = sk_X509_new_null();
	if (recipients == NULL || sk_X509_push(recipients, certificate) == 0) {
		X509_free(certificate);
		ossl_error(error, N_("Cannot seal: %s"));
		return NULL;
	}
	envelope->to = to;
	envelope->cms = CMS_encrypt(recipients, NULL, EVP_aes_256_gcm(),
				    CMS_BINARY | CMS_STREAM | CMS_PARTIAL);
	if (envelope->cms != NULL)
		envelope->chain = BIO_new_CMS(to, envelope->cms);
	if (envelope->chain == NULL) {
		ossl_error(error, N_("Cannot seal: %s"));
		return NULL;
	}
	return g_steal_pointer(&envelope);
}

gboolean envelope_write(Envelope *envelope, const void *bytes, gsize length, GError **error)
{
	size_t done = 0;

	if (length == 0 || (BIO_write_ex(envelope->chain, bytes, length, &done) && done == length))
		return TRUE;
	return ossl_error(error, N_("Cannot write what was sealed: %s"));
}

gboolean envelope_finish(Envelope *envelope, GError **error)
{
	if (BIO_flush(envelope->chain) == 1)
		return TRUE;
	return ossl_error(error, N_("Cannot write what was sealed: %s"));
}

void envelope_free(Envelope *envelope)
{
	if (envelope == NULL)
		return;
	while (envelope->chain != NULL && envelope->chain != envelope->to) {
		BIO *next = BIO_pop(envelope->chain);

		BIO_free(envelope->chain);
		envelope->chain = next;
	}
	CMS_ContentInfo_free(envelope->cms);
	g_free(envelope);
}

gboolean envelope_open(BIO *from, BIO *key, BIO *to, GError **error)
{
	g_autoptr(EVP_PKEY) opener = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
	g_autoptr(CMS_ContentInfo) cms = NULL;

	if (opener == NULL) {
		ERR_clear_error();
		return error_set(error, ERROR_USAGE,
				 N_("the file named by --key is no PEM private key, or its "
				    "passphrase is wrong"));
	}
	cms = d2i_CMS_bio(from, NULL);
	if (cms == NULL) {
		ERR_clear_error();
		return error_set(error, ERROR_CA,
				 N_("this file is no backup of opcard, or it is cut off"));
	}
	if (!CMS_decrypt(cms, opener, NULL, NULL, to, CMS_BINARY)) {
		ERR_clear_error();
		return error_set(error, ERROR_CA,
				 N_("the backup cannot be opened: it was sealed for another key, "
				    "or it was changed after it was made"));
	}
	return TRUE;
}
