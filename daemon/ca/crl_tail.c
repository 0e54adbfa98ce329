/* SPDX-License-Identifier: Apache-2.0
 * Extensions of a list. The delta indicator is critical: whoever does not know it must not take a
 * delta for the complete list. */
#include "daemon/ca/crl_tail.h"

#include <string.h>

#include "daemon/ca/tlv.h"

#define OID_AUTHORITY_KEY   "2.5.29.35"
#define OID_CRL_NUMBER      "2.5.29.20"
#define OID_DELTA_INDICATOR "2.5.29.27"
#define OID_FRESHEST_CRL    "2.5.29.46"

#define KEY_ID_SIZE 20

static void put_extension(GByteArray *to, const char *oid, gboolean is_critical,
			  const GByteArray *value)
{
	static const guint8 yes = 0xff;
	gsize opened = tlv_open(to, TLV_SEQUENCE);

	tlv_put_oid(to, oid);
	if (is_critical)
		tlv_put(to, TLV_BOOLEAN, &yes, sizeof yes);
	tlv_put(to, TLV_OCTET_STRING, value->data, value->len);
	tlv_close(to, opened);
}

static void put_number(GByteArray *to, const char *oid, gboolean is_critical, guint64 number)
{
	g_autoptr(GByteArray) value = g_byte_array_new();

	tlv_put_number(value, TLV_INTEGER, number);
	put_extension(to, oid, is_critical, value);
}

static void put_authority_key(GByteArray *to, const Issuer *issuer)
{
	g_autoptr(GByteArray) value = g_byte_array_new();
	gsize inside = tlv_open(value, TLV_SEQUENCE);

	tlv_put(value, TLV_CONTEXT + 0, issuer_key_hash(issuer, KEY_HASH_SHA1), KEY_ID_SIZE);
	tlv_close(value, inside);
	put_extension(to, OID_AUTHORITY_KEY, FALSE, value);
}

/* CRLDistributionPoints with one address. */
static void put_freshest(GByteArray *to, const char *url)
{
	static const guint8 tags[] = { TLV_SEQUENCE, TLV_SEQUENCE, TLV_EXPLICIT + 0,
				       TLV_EXPLICIT + 0 };
	g_autoptr(GByteArray) value = g_byte_array_new();
	gsize opened[G_N_ELEMENTS(tags)];

	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++)
		opened[i] = tlv_open(value, tags[i]);
	tlv_put(value, TLV_CONTEXT + 6, url, strlen(url));
	for (gsize i = G_N_ELEMENTS(tags); i > 0; i--)
		tlv_close(value, opened[i - 1]);
	put_extension(to, OID_FRESHEST_CRL, FALSE, value);
}

GByteArray *crl_tail(const CrlRequest *request)
{
	GByteArray *tail = g_byte_array_new();
	gsize explicit = tlv_open(tail, TLV_EXPLICIT + 0), list = tlv_open(tail, TLV_SEQUENCE);

	put_authority_key(tail, request->issuer);
	put_number(tail, OID_CRL_NUMBER, FALSE, request->number);
	if (request->base != 0)
		put_number(tail, OID_DELTA_INDICATOR, TRUE, request->base);
	else if (request->delta_url != NULL && *request->delta_url != '\0')
		put_freshest(tail, request->delta_url);
	tlv_close(tail, list);
	tlv_close(tail, explicit);
	return tail;
}
