/* SPDX-License-Identifier: Apache-2.0
 * Reads OCSP requests. Every value is taken by its tag and nothing may be left over. */
#include "daemon/ca/ocsp_request.h"

#include <string.h>

/* AlgorithmIdentifier contents: the OID alone, or with NULL parameters. */
static const guint8 oid_sha1[] = { 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a };
static const guint8 oid_sha256[] = { 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
				     0x65, 0x03, 0x04, 0x02, 0x01 };
static const guint8 oid_nonce[] = {
	0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02
};

static gboolean is_raw(const Tlv *tlv, const guint8 *wanted, gsize length)
{
	return tlv->whole_length == length && memcmp(tlv->whole, wanted, length) == 0;
}

/* Arcs in base 128, each in its shortest form and complete (X.690 8.19). */
static gboolean expect_oid(TlvReader *from, Tlv *ret_oid)
{
	Tlv oid;

	if (!tlv_expect(from, TLV_OID, &oid) || oid.length == 0 ||
	    oid.content[oid.length - 1] & 0x80)
		return FALSE;
	for (gsize i = 0; i < oid.length; i++)
		if (oid.content[i] == 0x80 && (i == 0 || !(oid.content[i - 1] & 0x80)))
			return FALSE;
	*ret_oid = oid;
	return TRUE;
}

/* A hash has no parameters, or NULL; it is echoed, so nothing else may pass. */
static gboolean parse_algorithm(const Tlv *algorithm, OcspCertId *id)
{
	TlvReader inside = tlv_inside(algorithm);
	Tlv oid, parameters;

	if (!expect_oid(&inside, &oid))
		return FALSE;
	if (inside.left > 0 &&
	    (!tlv_expect(&inside, TLV_NULL, &parameters) || parameters.length > 0))
		return FALSE;
	id->has_known_hash = TRUE;
	if (is_raw(&oid, oid_sha1, sizeof oid_sha1))
		id->hash = KEY_HASH_SHA1;
	else if (is_raw(&oid, oid_sha256, sizeof oid_sha256))
		id->hash = KEY_HASH_SHA256;
	else
		id->has_known_hash = FALSE;
	return inside.left == 0;
}

static gboolean is_integer(const Tlv *tlv)
{
	return tlv->length > 0 &&
	       !(tlv->length > 1 && tlv->content[0] == 0x00 && !(tlv->content[1] & 0x80)) &&
	       !(tlv->length > 1 && tlv->content[0] == 0xff && tlv->content[1] & 0x80);
}

static gboolean parse_id(const Tlv *whole, OcspCertId *id)
{
	TlvReader inside = tlv_inside(whole);
	Tlv algorithm;
	gsize size;

	id->whole = *whole;
	if (!tlv_expect(&inside, TLV_SEQUENCE, &algorithm) || !parse_algorithm(&algorithm, id) ||
	    !tlv_expect(&inside, TLV_OCTET_STRING, &id->name_hash) ||
	    !tlv_expect(&inside, TLV_OCTET_STRING, &id->key_hash) ||
	    !tlv_expect(&inside, TLV_INTEGER, &id->serial) || !is_integer(&id->serial) ||
	    inside.left > 0)
		return FALSE;
	size = id->hash == KEY_HASH_SHA1 ? 20 : 32;
	if (id->name_hash.length != size || id->key_hash.length != size)
		id->has_known_hash = FALSE;
	return TRUE;
}

typedef struct Extension {
	Tlv oid;
	Tlv value;
	gboolean is_critical;
} Extension;

static gboolean next_extension(TlvReader *list, Extension *ret_extension)
{
	Extension extension = { .is_critical = FALSE };
	Tlv whole, critical;
	TlvReader inside;

	if (!tlv_expect(list, TLV_SEQUENCE, &whole))
		return FALSE;
	inside = tlv_inside(&whole);
	if (!expect_oid(&inside, &extension.oid))
		return FALSE;
	if (inside.left > 0 && inside.at[0] == TLV_BOOLEAN) {
		if (!tlv_next(&inside, &critical) || critical.length != 1)
			return FALSE;
		extension.is_critical = critical.content[0] != 0;
	}
	if (!tlv_expect(&inside, TLV_OCTET_STRING, &extension.value) || inside.left > 0)
		return FALSE;
	*ret_extension = extension;
	return TRUE;
}

static gboolean parse_nonce(const Tlv *value, OcspRequest *request)
{
	TlvReader inside = tlv_inside(value);

	if (request->has_nonce || !tlv_expect(&inside, TLV_OCTET_STRING, &request->nonce) ||
	    inside.left > 0 || request->nonce.length == 0 ||
	    request->nonce.length > OCSP_REQUEST_NONCE_MAX)
		return FALSE;
	request->has_nonce = TRUE;
	return TRUE;
}

/* @request is NULL for the extensions of one certificate: none of them is known. */
static gboolean parse_extensions(const Tlv *explicit, OcspRequest *request)
{
	TlvReader list = tlv_inside(explicit);
	Extension extension;
	Tlv sequence;

	if (!tlv_expect(&list, TLV_SEQUENCE, &sequence) || list.left > 0)
		return FALSE;
	list = tlv_inside(&sequence);
	while (list.left > 0) {
		if (!next_extension(&list, &extension))
			return FALSE;
		if (request != NULL && is_raw(&extension.oid, oid_nonce, sizeof oid_nonce)) {
			if (!parse_nonce(&extension.value, request))
				return FALSE;
		} else if (extension.is_critical) {
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean parse_list(const Tlv *list, OcspRequest *request)
{
	TlvReader certificates = tlv_inside(list);
	Tlv whole, id, extensions;

	while (certificates.left > 0) {
		TlvReader inside;

		if (request->count == OCSP_REQUEST_CERTIFICATES ||
		    !tlv_expect(&certificates, TLV_SEQUENCE, &whole))
			return FALSE;
		inside = tlv_inside(&whole);
		if (!tlv_expect(&inside, TLV_SEQUENCE, &id) ||
		    !parse_id(&id, &request->id[request->count++]))
			return FALSE;
		if (inside.left > 0 && (!tlv_expect(&inside, TLV_EXPLICIT + 0, &extensions) ||
					!parse_extensions(&extensions, NULL)))
			return FALSE;
		if (inside.left > 0)
			return FALSE;
	}
	return request->count > 0;
}

/* [0] EXPLICIT INTEGER 0, which DER leaves out and some clients write. */
static gboolean parse_version(TlvReader *inside)
{
	static const guint8 v1[] = { TLV_EXPLICIT + 0, 3, TLV_INTEGER, 1, 0 };
	Tlv version;

	return inside->left == 0 || inside->at[0] != TLV_EXPLICIT + 0 ||
	       (tlv_next(inside, &version) && is_raw(&version, v1, sizeof v1));
}

static gboolean parse_tbs(const Tlv *tbs, OcspRequest *request)
{
	TlvReader inside = tlv_inside(tbs);
	Tlv name, list, extensions;

	if (!parse_version(&inside))
		return FALSE;
	if (inside.left > 0 && inside.at[0] == TLV_EXPLICIT + 1 && !tlv_next(&inside, &name))
		return FALSE;
	if (!tlv_expect(&inside, TLV_SEQUENCE, &list) || !parse_list(&list, request))
		return FALSE;
	if (inside.left > 0 && (!tlv_expect(&inside, TLV_EXPLICIT + 2, &extensions) ||
				!parse_extensions(&extensions, request)))
		return FALSE;
	return inside.left == 0;
}

gboolean ocsp_request_parse(const void *bytes, gsize length, OcspRequest *request)
{
	TlvReader reader = { bytes, length };
	Tlv outer, tbs, signature;

	request->count = 0;
	request->has_nonce = FALSE;
	if (length > OCSP_REQUEST_MAX || !tlv_expect(&reader, TLV_SEQUENCE, &outer) ||
	    reader.left > 0)
		return FALSE;
	reader = tlv_inside(&outer);
	if (!tlv_expect(&reader, TLV_SEQUENCE, &tbs) || !parse_tbs(&tbs, request))
		return FALSE;
	if (reader.left > 0 && !tlv_expect(&reader, TLV_EXPLICIT + 0, &signature))
		return FALSE;
	return reader.left == 0;
}
