/* SPDX-License-Identifier: Apache-2.0
 * Writes OCSP responses. "unknown" carries no nextUpdate: nobody may keep it, since the certificate
 * may be handed over the next minute. */
#include "daemon/ca/ocsp_response.h"

#include "daemon/ca/crl.h"

#define OID_BASIC          "1.3.6.1.5.5.7.48.1.1"
#define OID_NONCE          "1.3.6.1.5.5.7.48.1.2"
#define OID_ARCHIVE_CUTOFF "1.3.6.1.5.5.7.48.1.6"

#define KEY_ID_SIZE 20

static void put_revoked(GByteArray *to, const OcspSingle *single)
{
	gboolean is_held = single->state == STATUS_HOLD;
	guint64 reason = is_held ? CRL_CERTIFICATE_HOLD : single->status.reason;
	gsize revoked = tlv_open(to, TLV_EXPLICIT + 1), explicit;

	tlv_put_generalized(to, single->status.since);
	if (reason != CRL_UNSPECIFIED) {
		explicit = tlv_open(to, TLV_EXPLICIT + 0);
		tlv_put_number(to, TLV_ENUMERATED, reason);
		tlv_close(to, explicit);
	}
	tlv_close(to, revoked);
}

static gboolean is_known(const OcspSingle *single)
{
	return single->state == STATUS_VALID || single->state == STATUS_HOLD ||
	       single->state == STATUS_REVOKED;
}

static void put_status(GByteArray *to, const OcspSingle *single)
{
	if (!is_known(single))
		tlv_put(to, TLV_CONTEXT + 2, NULL, 0);
	else if (single->state == STATUS_VALID)
		tlv_put(to, TLV_CONTEXT + 0, NULL, 0);
	else
		put_revoked(to, single);
}

/* We answer for every certificate we ever issued: the cutoff is the issuer's beginning. */
static void put_archive_cutoff(GByteArray *to, gint64 cutoff)
{
	gsize explicit = tlv_open(to, TLV_EXPLICIT + 1), list = tlv_open(to, TLV_SEQUENCE);
	gsize extension = tlv_open(to, TLV_SEQUENCE), octets;

	tlv_put_oid(to, OID_ARCHIVE_CUTOFF);
	octets = tlv_open(to, TLV_OCTET_STRING);
	tlv_put_generalized(to, cutoff);
	tlv_close(to, octets);
	tlv_close(to, extension);
	tlv_close(to, list);
	tlv_close(to, explicit);
}

static void put_single(GByteArray *to, const OcspResponse *response, const OcspSingle *single)
{
	gsize outer = tlv_open(to, TLV_SEQUENCE), explicit;

	tlv_put_raw(to, single->id->whole, single->id->whole_length);
	put_status(to, single);
	tlv_put_generalized(to, response->now);
	if (is_known(single)) {
		explicit = tlv_open(to, TLV_EXPLICIT + 0);
		tlv_put_generalized(to, response->next_update);
		tlv_close(to, explicit);
		if (single->status.not_after < response->now)
			put_archive_cutoff(
				to, issuer_not_before(ocsp_responder_issuer(response->responder)));
	}
	tlv_close(to, outer);
}

static void put_nonce(GByteArray *to, const Tlv *nonce)
{
	gsize explicit = tlv_open(to, TLV_EXPLICIT + 1), list = tlv_open(to, TLV_SEQUENCE);
	gsize extension = tlv_open(to, TLV_SEQUENCE), octets;

	tlv_put_oid(to, OID_NONCE);
	octets = tlv_open(to, TLV_OCTET_STRING);
	tlv_put_raw(to, nonce->whole, nonce->whole_length);
	tlv_close(to, octets);
	tlv_close(to, extension);
	tlv_close(to, list);
	tlv_close(to, explicit);
}

static void put_data(GByteArray *to, const OcspResponse *response)
{
	gsize outer = tlv_open(to, TLV_SEQUENCE), inner;

	inner = tlv_open(to, TLV_EXPLICIT + 2);
	tlv_put(to, TLV_OCTET_STRING, ocsp_responder_key_hash(response->responder), KEY_ID_SIZE);
	tlv_close(to, inner);
	tlv_put_generalized(to, response->now);
	inner = tlv_open(to, TLV_SEQUENCE);
	for (gsize i = 0; i < response->count; i++)
		put_single(to, response, &response->single[i]);
	tlv_close(to, inner);
	if (response->nonce != NULL)
		put_nonce(to, response->nonce);
	tlv_close(to, outer);
}

/* BasicOCSPResponse; FALSE when the key refuses. */
static gboolean put_basic(GByteArray *to, const OcspResponse *response)
{
	Signer *signer = ocsp_responder_signer(response->responder);
	gsize outer = tlv_open(to, TLV_SEQUENCE), start = to->len, inner, list;
	g_autoptr(GBytes) signature = NULL;

	put_data(to, response);
	if (!sign_bytes(signer, to->data + start, to->len - start, &signature, NULL))
		return FALSE;
	tlv_put_bytes(to, sign_algorithm(signer));
	inner = tlv_open(to, TLV_BIT_STRING);
	g_byte_array_append(to, (const guint8 *) "", 1);
	tlv_put_bytes(to, signature);
	tlv_close(to, inner);
	inner = tlv_open(to, TLV_EXPLICIT + 0);
	list = tlv_open(to, TLV_SEQUENCE);
	tlv_put_bytes(to, ocsp_responder_certificate(response->responder));
	tlv_close(to, list);
	tlv_close(to, inner);
	tlv_close(to, outer);
	return TRUE;
}

GBytes *ocsp_response_build(const OcspResponse *response)
{
	g_autoptr(GByteArray) bytes = g_byte_array_sized_new(1024);
	gsize outer = tlv_open(bytes, TLV_SEQUENCE), explicit, inside, octets;

	tlv_put_number(bytes, TLV_ENUMERATED, OCSP_SUCCESSFUL);
	explicit = tlv_open(bytes, TLV_EXPLICIT + 0);
	inside = tlv_open(bytes, TLV_SEQUENCE);
	tlv_put_oid(bytes, OID_BASIC);
	octets = tlv_open(bytes, TLV_OCTET_STRING);
	if (!put_basic(bytes, response))
		return NULL;
	tlv_close(bytes, octets);
	tlv_close(bytes, inside);
	tlv_close(bytes, explicit);
	tlv_close(bytes, outer);
	return tlv_finish(g_steal_pointer(&bytes));
}

GBytes *ocsp_response_refuse(OcspResult result)
{
	const guint8 der[] = { TLV_SEQUENCE, 3, TLV_ENUMERATED, 1, (guint8) result };

	return g_bytes_new(der, sizeof der);
}
