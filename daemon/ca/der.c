/* SPDX-License-Identifier: Apache-2.0
 * TBSCertificate bytes and the certificate around them. We write them ourselves because OpenSSL
 * only has them once it signs; OpenSSL then reads every certificate back before it leaves. */
#include "daemon/ca/der.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <string.h>

#include "daemon/ca/key.h"
#include "daemon/ca/ossl.h"
#include "daemon/ca/tlv.h"

#define OID_KEY_USAGE         "2.5.29.15"
#define OID_SUBJECT_KEY       "2.5.29.14"
#define OID_AUTHORITY_KEY     "2.5.29.35"
#define OID_BASIC_CONSTRAINTS "2.5.29.19"
#define OID_EXTENDED_USAGE    "2.5.29.37"
#define OID_CRL_POINTS        "2.5.29.31"
#define OID_AUTHORITY_INFO    "1.3.6.1.5.5.7.1.1"
#define OID_AIA_OCSP          "1.3.6.1.5.5.7.48.1"
#define OID_NOCHECK           "1.3.6.1.5.5.7.48.1.5"

#define KEY_ID_SIZE 20

gboolean der_serial_new(guint8 ret_serial[DER_SERIAL_SIZE], GError **error)
{
	guint8 serial[DER_SERIAL_SIZE];

	if (RAND_bytes(serial, sizeof serial) != 1)
		return ossl_error(error, N_("No random numbers: %s"));
	serial[0] = (guint8) ((serial[0] & 0x3f) | 0x40);
	memcpy(ret_serial, serial, sizeof serial);
	return TRUE;
}

char *der_serial_text(const guint8 serial[DER_SERIAL_SIZE])
{
	char *text = g_malloc(2 * DER_SERIAL_SIZE + 1);

	for (int i = 0; i < DER_SERIAL_SIZE; i++)
		g_snprintf(text + 2 * i, 3, "%02X", serial[i]);
	return text;
}

gboolean der_serial_parse(const char *text, guint8 ret_serial[DER_SERIAL_SIZE], GError **error)
{
	guint8 serial[DER_SERIAL_SIZE];

	if (strlen(text) != 2 * DER_SERIAL_SIZE ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * DER_SERIAL_SIZE)
		return error_set(error, ERROR_USAGE, N_("“%s” is not a serial number of ours"),
				 text);
	for (int i = 0; i < DER_SERIAL_SIZE; i++)
		serial[i] = (guint8) (g_ascii_xdigit_value(text[2 * i]) << 4 |
				      g_ascii_xdigit_value(text[2 * i + 1]));
	if (!der_serial_is_ours(serial, sizeof serial))
		return error_set(error, ERROR_USAGE, N_("“%s” is not a serial number of ours"),
				 text);
	memcpy(ret_serial, serial, sizeof serial);
	return TRUE;
}

gboolean der_serial_is_ours(const guint8 *serial, gsize length)
{
	return length == DER_SERIAL_SIZE && (serial[0] & 0xc0) == 0x40;
}

/* Extension up to the inside of its OCTET STRING; positions for extension_end(). */
static void extension_begin(GByteArray *to, const char *oid, gboolean is_critical, gsize opened[2])
{
	static const guint8 yes = 0xff;

	opened[0] = tlv_open(to, TLV_SEQUENCE);
	tlv_put_oid(to, oid);
	if (is_critical)
		tlv_put(to, TLV_BOOLEAN, &yes, 1);
	opened[1] = tlv_open(to, TLV_OCTET_STRING);
}

static void extension_end(GByteArray *to, const gsize opened[2])
{
	tlv_close(to, opened[1]);
	tlv_close(to, opened[0]);
}

static void put_constraints(GByteArray *to)
{
	static const guint8 yes = 0xff;
	gsize extension[2], inside;

	extension_begin(to, OID_BASIC_CONSTRAINTS, TRUE, extension);
	inside = tlv_open(to, TLV_SEQUENCE);
	tlv_put(to, TLV_BOOLEAN, &yes, 1);
	tlv_put_number(to, TLV_INTEGER, 0);
	tlv_close(to, inside);
	extension_end(to, extension);
}

/* A named bit list: bit 0 is the highest of the octet, trailing zeros are left out (X.690 11.2). */
static void put_usage(GByteArray *to, unsigned int usage)
{
	guint8 content[2] = { 7, 0 };
	gsize extension[2];

	for (unsigned int bit = 0; bit < 8; bit++)
		if (usage & (1u << bit)) {
			content[1] |= (guint8) (0x80 >> bit);
			content[0] = (guint8) (7 - bit);
		}
	extension_begin(to, OID_KEY_USAGE, TRUE, extension);
	tlv_put(to, TLV_BIT_STRING, content, sizeof content);
	extension_end(to, extension);
}

static void put_purpose(GByteArray *to, const char *purpose)
{
	gsize extension[2], inside;

	extension_begin(to, OID_EXTENDED_USAGE, FALSE, extension);
	inside = tlv_open(to, TLV_SEQUENCE);
	tlv_put_oid(to, purpose);
	tlv_close(to, inside);
	extension_end(to, extension);
}

static gboolean put_key_ids(GByteArray *to, const DerRequest *request, GError **error)
{
	guint8 subject[KEY_HASH_SIZE_MAX], issuer[KEY_HASH_SIZE_MAX];
	gsize extension[2], inside;

	if (!key_hash_spki(request->spki, KEY_HASH_SHA1, subject, error) ||
	    !key_hash_spki(request->issuer_spki, KEY_HASH_SHA1, issuer, error))
		return FALSE;
	extension_begin(to, OID_SUBJECT_KEY, FALSE, extension);
	tlv_put(to, TLV_OCTET_STRING, subject, KEY_ID_SIZE);
	extension_end(to, extension);
	extension_begin(to, OID_AUTHORITY_KEY, FALSE, extension);
	inside = tlv_open(to, TLV_SEQUENCE);
	tlv_put(to, TLV_CONTEXT + 0, issuer, KEY_ID_SIZE);
	tlv_close(to, inside);
	extension_end(to, extension);
	return TRUE;
}

static void put_ocsp_url(GByteArray *to, const char *url)
{
	gsize extension[2], list, access;

	extension_begin(to, OID_AUTHORITY_INFO, FALSE, extension);
	list = tlv_open(to, TLV_SEQUENCE);
	access = tlv_open(to, TLV_SEQUENCE);
	tlv_put_oid(to, OID_AIA_OCSP);
	tlv_put(to, TLV_CONTEXT + 6, url, strlen(url));
	tlv_close(to, access);
	tlv_close(to, list);
	extension_end(to, extension);
}

static void put_crl_url(GByteArray *to, const char *url)
{
	/* CRLDistributionPoints, DistributionPoint, distributionPoint, fullName */
	static const guint8 tags[] = { TLV_SEQUENCE, TLV_SEQUENCE, TLV_EXPLICIT + 0,
				       TLV_EXPLICIT + 0 };
	gsize extension[2], opened[G_N_ELEMENTS(tags)];

	extension_begin(to, OID_CRL_POINTS, FALSE, extension);
	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++)
		opened[i] = tlv_open(to, tags[i]);
	tlv_put(to, TLV_CONTEXT + 6, url, strlen(url));
	for (gsize i = G_N_ELEMENTS(tags); i > 0; i--)
		tlv_close(to, opened[i - 1]);
	extension_end(to, extension);
}

static void put_nocheck(GByteArray *to)
{
	gsize extension[2];

	extension_begin(to, OID_NOCHECK, FALSE, extension);
	tlv_put(to, TLV_NULL, NULL, 0);
	extension_end(to, extension);
}

static gboolean put_extensions(GByteArray *to, const DerRequest *request, GError **error)
{
	const Profile *profile = profile_get(request->profile);
	gsize explicit = tlv_open(to, TLV_EXPLICIT + 3);
	gsize list = tlv_open(to, TLV_SEQUENCE);

	if (profile->is_ca)
		put_constraints(to);
	put_usage(to, profile->usage);
	if (profile->purpose != NULL)
		put_purpose(to, profile->purpose);
	if (!put_key_ids(to, request, error))
		return FALSE;
	if (profile->has_revocation && request->ocsp_url != NULL && *request->ocsp_url != '\0')
		put_ocsp_url(to, request->ocsp_url);
	if (profile->has_revocation && request->crl_url != NULL && *request->crl_url != '\0')
		put_crl_url(to, request->crl_url);
	if (profile->has_nocheck)
		put_nocheck(to);
	tlv_close(to, list);
	tlv_close(to, explicit);
	return TRUE;
}

static gboolean check_request(const DerRequest *request, GError **error)
{
	if (!der_serial_is_ours(request->serial, DER_SERIAL_SIZE))
		return error_set(error, ERROR_CA, N_("The serial number does not have our form"));
	if (!tlv_time_is_valid(request->not_before) || !tlv_time_is_valid(request->not_after) ||
	    request->not_before >= request->not_after)
		return error_set(error, ERROR_CA, N_("The certificate would end before it begins"));
	return key_check_spki(request->spki, error);
}

GBytes *der_tbs(const DerRequest *request, GError **error)
{
	g_autoptr(GByteArray) tbs = g_byte_array_sized_new(1024);
	gsize outer, inner;

	if (!check_request(request, error))
		return NULL;
	outer = tlv_open(tbs, TLV_SEQUENCE);
	inner = tlv_open(tbs, TLV_EXPLICIT + 0);
	tlv_put_number(tbs, TLV_INTEGER, 2); /* v3 */
	tlv_close(tbs, inner);
	tlv_put(tbs, TLV_INTEGER, request->serial, DER_SERIAL_SIZE);
	tlv_put_bytes(tbs, request->algorithm);
	tlv_put_bytes(tbs, request->issuer_name);
	inner = tlv_open(tbs, TLV_SEQUENCE);
	tlv_put_time(tbs, request->not_before);
	tlv_put_time(tbs, request->not_after);
	tlv_close(tbs, inner);
	tlv_put_bytes(tbs, request->subject_name);
	tlv_put_bytes(tbs, request->spki);
	if (!put_extensions(tbs, request, error))
		return NULL;
	tlv_close(tbs, outer);
	return tlv_finish(g_steal_pointer(&tbs));
}

static X509 *parse(GBytes *certificate)
{
	gsize length;
	const unsigned char *start = g_bytes_get_data(certificate, &length), *at = start;
	g_autoptr(X509) parsed = d2i_X509(NULL, &at, (long) length);

	return parsed != NULL && at == start + length ? g_steal_pointer(&parsed) : NULL;
}

static gboolean is_same_tbs(X509 *parsed, GBytes *tbs)
{
	unsigned char *again = NULL;
	int length = i2d_re_X509_tbs(parsed, &again);
	gboolean is_same = length > 0 && (gsize) length == g_bytes_get_size(tbs) &&
			   memcmp(again, g_bytes_get_data(tbs, NULL), (gsize) length) == 0;

	OPENSSL_free(again);
	return is_same;
}

static gboolean is_signed_by(X509 *parsed, GBytes *issuer_spki)
{
	const unsigned char *at = g_bytes_get_data(issuer_spki, NULL);
	g_autoptr(Key) key = d2i_PUBKEY(NULL, &at, (long) g_bytes_get_size(issuer_spki));

	return key != NULL && X509_verify(parsed, key) == 1;
}

GBytes *der_assemble(GBytes *tbs, GBytes *algorithm, GBytes *signature, GBytes *issuer_spki,
		     GError **error)
{
	GByteArray *bytes = g_byte_array_sized_new(1024);
	gsize outer = tlv_open(bytes, TLV_SEQUENCE), inner;
	g_autoptr(GBytes) certificate = NULL;
	g_autoptr(X509) parsed = NULL;

	tlv_put_bytes(bytes, tbs);
	tlv_put_bytes(bytes, algorithm);
	inner = tlv_open(bytes, TLV_BIT_STRING);
	g_byte_array_append(bytes, (const guint8 *) "", 1);
	tlv_put_bytes(bytes, signature);
	tlv_close(bytes, inner);
	tlv_close(bytes, outer);
	certificate = tlv_finish(bytes);
	parsed = parse(certificate);
	/* The signature first: comparing encodes anew what is verified. */
	if (parsed == NULL || !is_signed_by(parsed, issuer_spki) || !is_same_tbs(parsed, tbs)) {
		ossl_error(error, N_("The signed certificate is not the one recorded: %s"));
		return NULL;
	}
	return g_steal_pointer(&certificate);
}

static GBytes *name_der(const X509_NAME *name)
{
	unsigned char *der = NULL;
	int length = i2d_X509_NAME(name, &der);
	GBytes *bytes = length > 0 ? g_bytes_new(der, (gsize) length) : g_bytes_new(NULL, 0);

	OPENSSL_free(der);
	return bytes;
}

static gboolean time_value(const ASN1_TIME *time, gint64 *ret_at)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return FALSE;
	*ret_at = timegm(&tm);
	return TRUE;
}

static GBytes *spki_der(const X509 *parsed)
{
	unsigned char *der = NULL;
	int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(parsed), &der);
	GBytes *bytes = length > 0 ? g_bytes_new(der, (gsize) length) : g_bytes_new(NULL, 0);

	OPENSSL_free(der);
	return bytes;
}

gboolean der_read(GBytes *certificate, DerFacts *ret_facts, GError **error)
{
	g_autoptr(X509) parsed = parse(certificate);
	TlvReader reader = tlv_read(certificate);
	const ASN1_INTEGER *serial = parsed != NULL ? X509_get0_serialNumber(parsed) : NULL;
	gint64 not_before, not_after;
	Tlv outer, tbs;

	if (serial == NULL || !tlv_next(&reader, &outer) ||
	    !time_value(X509_get0_notBefore(parsed), &not_before) ||
	    !time_value(X509_get0_notAfter(parsed), &not_after))
		return ossl_error(error, N_("Not a certificate: %s"));
	reader = tlv_inside(&outer);
	if (!tlv_expect(&reader, TLV_SEQUENCE, &tbs))
		return ossl_error(error, N_("Not a certificate: %s"));
	if (serial->type != V_ASN1_INTEGER ||
	    !der_serial_is_ours(serial->data, (gsize) serial->length))
		return error_set(error, ERROR_CA,
				 N_("The certificate's serial number does not have our form"));
	memcpy(ret_facts->serial, serial->data, DER_SERIAL_SIZE);
	ret_facts->tbs = tlv_copy(&tbs);
	ret_facts->issuer_name = name_der(X509_get_issuer_name(parsed));
	ret_facts->subject_name = name_der(X509_get_subject_name(parsed));
	ret_facts->spki = spki_der(parsed);
	ret_facts->not_before = not_before;
	ret_facts->not_after = not_after;
	return TRUE;
}

void der_facts_clear(DerFacts *facts)
{
	g_clear_pointer(&facts->tbs, g_bytes_unref);
	g_clear_pointer(&facts->issuer_name, g_bytes_unref);
	g_clear_pointer(&facts->subject_name, g_bytes_unref);
	g_clear_pointer(&facts->spki, g_bytes_unref);
}

char *der_pem(const char *kind, GBytes *der)
{
	g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
	char *text;
	long length;

	PEM_write_bio(bio, kind, "", g_bytes_get_data(der, NULL), (long) g_bytes_get_size(der));
	length = BIO_get_mem_data(bio, &text);
	return g_strndup(text, (gsize) length);
}
