/* SPDX-License-Identifier: Apache-2.0
 * Reads CRLs of ours. The signature is checked first, so the rest is read from bytes we made. */
#include "daemon/ca/crl_read.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/tlv.h"

static const guint8 oid_number[] = { 0x55, 0x1d, 0x14 };
static const guint8 oid_reason[] = { 0x55, 0x1d, 0x15 };
static const guint8 oid_invalid[] = { 0x55, 0x1d, 0x18 };
static const guint8 oid_delta[] = { 0x55, 0x1d, 0x1b };

static gboolean is_oid(const Tlv *oid, const guint8 wanted[3])
{
	return oid->length == 3 && memcmp(oid->content, wanted, 3) == 0;
}

/* Extension → its OID and the value inside the OCTET STRING. */
static gboolean next_extension(TlvReader *list, Tlv *ret_oid, Tlv *ret_value)
{
	Tlv extension, critical, octets;
	TlvReader inside;

	if (!tlv_expect(list, TLV_SEQUENCE, &extension))
		return FALSE;
	inside = tlv_inside(&extension);
	if (!tlv_expect(&inside, TLV_OID, ret_oid))
		return FALSE;
	if (inside.left > 0 && inside.at[0] == TLV_BOOLEAN && !tlv_next(&inside, &critical))
		return FALSE;
	if (!tlv_expect(&inside, TLV_OCTET_STRING, &octets))
		return FALSE;
	inside = tlv_inside(&octets);
	return tlv_next(&inside, ret_value);
}

static gboolean read_entry_extensions(const Tlv *extensions, CrlEntry *entry)
{
	TlvReader list = tlv_inside(extensions);
	guint64 reason;
	Tlv oid, value;

	while (list.left > 0) {
		if (!next_extension(&list, &oid, &value))
			return FALSE;
		if (is_oid(&oid, oid_reason)) {
			if (!tlv_number(&value, &reason) ||
			    crl_reason_name((CrlReason) reason) == NULL)
				return FALSE;
			entry->reason = (CrlReason) reason;
		}
		if (is_oid(&oid, oid_invalid) && !tlv_time(&value, &entry->invalid_from))
			return FALSE;
	}
	return TRUE;
}

static gboolean read_entry(TlvReader *list, CrlEntry *ret_entry)
{
	CrlEntry entry = { .reason = CRL_UNSPECIFIED };
	Tlv whole, serial, time, extensions;
	TlvReader inside;

	if (!tlv_expect(list, TLV_SEQUENCE, &whole))
		return FALSE;
	inside = tlv_inside(&whole);
	if (!tlv_expect(&inside, TLV_INTEGER, &serial) ||
	    !der_serial_is_ours(serial.content, serial.length) || !tlv_next(&inside, &time) ||
	    !tlv_time(&time, &entry.revoked_at))
		return FALSE;
	memcpy(entry.serial, serial.content, DER_SERIAL_SIZE);
	if (inside.left > 0 && (!tlv_expect(&inside, TLV_SEQUENCE, &extensions) ||
				!read_entry_extensions(&extensions, &entry)))
		return FALSE;
	*ret_entry = entry;
	return TRUE;
}

gboolean crl_read_entry(const guint8 *der, gsize length, CrlEntry *ret_entry)
{
	TlvReader reader = { der, length };

	return read_entry(&reader, ret_entry) && reader.left == 0;
}

static gboolean read_number(const Tlv *explicit, guint64 *ret_number)
{
	TlvReader list = tlv_inside(explicit);
	gboolean has_number = FALSE;
	Tlv sequence, oid, value;

	if (!tlv_expect(&list, TLV_SEQUENCE, &sequence))
		return FALSE;
	list = tlv_inside(&sequence);
	while (list.left > 0) {
		if (!next_extension(&list, &oid, &value) || is_oid(&oid, oid_delta))
			return FALSE;
		if (is_oid(&oid, oid_number))
			has_number = tlv_number(&value, ret_number);
	}
	return has_number;
}

static gboolean read_entries(const Tlv *entries, GArray *to, gsize *ret_count)
{
	TlvReader list = tlv_inside(entries);
	gsize count = 0;
	CrlEntry entry;

	for (; list.left > 0; count++) {
		if (!read_entry(&list, &entry))
			return FALSE;
		if (to != NULL)
			g_array_append_val(to, entry);
	}
	*ret_count = count;
	return TRUE;
}

static gboolean read_tbs(const Tlv *tbs, GBytes *subject, GArray *to, CrlFacts *facts)
{
	TlvReader inside = tlv_inside(tbs);
	Tlv version, algorithm, name, this_update, next_update, entries, extensions;

	if (!tlv_expect(&inside, TLV_INTEGER, &version) ||
	    !tlv_expect(&inside, TLV_SEQUENCE, &algorithm) ||
	    !tlv_expect(&inside, TLV_SEQUENCE, &name) ||
	    name.whole_length != g_bytes_get_size(subject) ||
	    memcmp(name.whole, g_bytes_get_data(subject, NULL), name.whole_length) != 0)
		return FALSE;
	if (!tlv_next(&inside, &this_update) || !tlv_time(&this_update, &facts->this_update) ||
	    !tlv_next(&inside, &next_update) || !tlv_time(&next_update, &facts->next_update))
		return FALSE;
	if (inside.left > 0 && inside.at[0] == TLV_SEQUENCE &&
	    (!tlv_next(&inside, &entries) || !read_entries(&entries, to, &facts->count)))
		return FALSE;
	return tlv_expect(&inside, TLV_EXPLICIT + 0, &extensions) &&
	       read_number(&extensions, &facts->number) && inside.left == 0;
}

static gboolean check_signature(GBytes *der, const Issuer *issuer, Tlv *ret_tbs, GError **error)
{
	TlvReader reader = tlv_read(der), inside;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GBytes) signature = NULL;
	g_autoptr(GBytes) algorithm = NULL;
	Tlv outer, tbs, algorithm_tlv, bits;

	if (!tlv_expect(&reader, TLV_SEQUENCE, &outer) || reader.left > 0)
		return error_set(error, ERROR_CA, N_("Not a CRL"));
	inside = tlv_inside(&outer);
	if (!tlv_expect(&inside, TLV_SEQUENCE, &tbs) ||
	    !tlv_expect(&inside, TLV_SEQUENCE, &algorithm_tlv) ||
	    !tlv_expect(&inside, TLV_BIT_STRING, &bits) || bits.length < 1 || inside.left > 0)
		return error_set(error, ERROR_CA, N_("Not a CRL"));
	bytes = g_bytes_new_static(tbs.whole, tbs.whole_length);
	algorithm = tlv_copy(&algorithm_tlv);
	signature = g_bytes_new(bits.content + 1, bits.length - 1);
	if (!sign_check(issuer_spki(issuer), algorithm, bytes, signature, error))
		return FALSE;
	*ret_tbs = tbs;
	return TRUE;
}

gboolean crl_read(GBytes *der, const Issuer *issuer, GArray *to, CrlFacts *ret_facts,
		  GError **error)
{
	guint before = to != NULL ? to->len : 0;
	CrlFacts facts = { 0 };
	Tlv tbs;

	if (!check_signature(der, issuer, &tbs, error))
		return FALSE;
	if (!read_tbs(&tbs, issuer_subject(issuer), to, &facts)) {
		if (to != NULL)
			g_array_set_size(to, before);
		return error_set(error, ERROR_CA, N_("Not a complete CRL of this CA"));
	}
	*ret_facts = facts;
	return TRUE;
}
