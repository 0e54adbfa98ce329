/* SPDX-License-Identifier: Apache-2.0
 * Reading of a peer's certificate. A name with a NUL or a second CN is no name: what two readers
 * could take for different persons maps to nobody. */
#include "daemon/api/http_certificate.h"

#include <openssl/x509.h>
#include <string.h>
#include <time.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)

static gint64 time_of(const ASN1_TIME *time)
{
	struct tm tm = { 0 };

	return ASN1_TIME_to_tm(time, &tm) == 1 ? (gint64) timegm(&tm) : 0;
}

static char *common_name(X509 *certificate)
{
	const X509_NAME *subject = X509_get_subject_name(certificate);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	unsigned char *utf8 = NULL;
	char *name = NULL;
	int length;

	if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
		return g_strdup("");
	length = ASN1_STRING_to_UTF8(&utf8,
				     X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	if (length > 0 && g_utf8_validate((const char *) utf8, length, NULL))
		name = g_strndup((const char *) utf8, (gsize) length);
	OPENSSL_free(utf8);
	return name != NULL ? name : g_strdup("");
}

HttpCertificate *http_certificate_new(const void *der, gsize length)
{
	const unsigned char *at = der;
	g_autoptr(X509) x509 = d2i_X509(NULL, &at, (long) length);
	const ASN1_INTEGER *serial = x509 != NULL ? X509_get0_serialNumber(x509) : NULL;
	HttpCertificate *certificate;

	if (serial == NULL)
		return NULL;
	certificate = g_new0(HttpCertificate, 1);
	certificate->der = g_bytes_new(der, length);
	certificate->serial =
		g_bytes_new(ASN1_STRING_get0_data(serial), (gsize) ASN1_STRING_length(serial));
	certificate->fingerprint =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, certificate->der);
	certificate->name = common_name(x509);
	certificate->not_before = time_of(X509_get0_notBefore(x509));
	certificate->not_after = time_of(X509_get0_notAfter(x509));
	return certificate;
}

void http_certificate_free(HttpCertificate *certificate)
{
	if (certificate == NULL)
		return;
	g_clear_pointer(&certificate->der, g_bytes_unref);
	g_clear_pointer(&certificate->issuer, g_bytes_unref);
	g_clear_pointer(&certificate->serial, g_bytes_unref);
	g_free(certificate->fingerprint);
	g_free(certificate->name);
	g_free(certificate);
}
