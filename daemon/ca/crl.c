/* SPDX-License-Identifier: Apache-2.0
 * CRL entries stay encoded in blocks of one entry size each, with an index from serial to place.
 * Building a list copies the blocks between a header and the extensions: no entry is looked at. */
#include "daemon/ca/crl.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/crl_tail.h"
#include "daemon/ca/tlv.h"

#define ENTRY_SIZE_MAX 80
#define SERIAL_AT      4 /* after the headers of SEQUENCE and INTEGER */

/* What makes entries differ in size; together the number of the block. */
#define BLOCK_LONG_TIME 1u
#define BLOCK_REASON    2u
#define BLOCK_INVALID   4u
#define BLOCK_MAX       8u

/* A place is block number and position in it; 2^29 entries a block. */
#define PLACE_BITS  29
#define PLACE_EMPTY G_MAXUINT32
#define SLOTS_MIN   64

typedef struct Block {
	GByteArray *bytes;
	gsize entry_size; /* 0 until the first entry */
} Block;

struct CrlBody {
	Block block[BLOCK_MAX];
	guint32 *slot; /* open addressing, linear probing; a power of two, at most half full */
	gsize slots;
	gsize count;
	gboolean is_delta; /* takes removeFromCRL */
};

struct CrlDraft {
	Issuer *issuer;
	GByteArray *list; /* the TBSCertList from `start` on, with room before it */
	gsize start;
};

typedef struct Encoded {
	guint8 bytes[ENTRY_SIZE_MAX];
	gsize length;
	guint block;
} Encoded;

static const char *const reason_names[] = {
	[CRL_UNSPECIFIED] = "unspecified",
	[CRL_KEY_COMPROMISE] = "keyCompromise",
	[CRL_CA_COMPROMISE] = "cACompromise",
	[CRL_AFFILIATION_CHANGED] = "affiliationChanged",
	[CRL_SUPERSEDED] = "superseded",
	[CRL_CESSATION_OF_OPERATION] = "cessationOfOperation",
	[CRL_CERTIFICATE_HOLD] = "certificateHold",
	[CRL_PRIVILEGE_WITHDRAWN] = "privilegeWithdrawn",
};

const char *crl_reason_name(CrlReason reason)
{
	return (gsize) reason < G_N_ELEMENTS(reason_names) ? reason_names[reason] : NULL;
}

gboolean crl_reason_parse(const char *name, CrlReason *ret_reason, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(reason_names); i++)
		if (reason_names[i] != NULL && g_str_equal(reason_names[i], name)) {
			*ret_reason = (CrlReason) i;
			return TRUE;
		}
	return error_set(error, ERROR_USAGE, N_("“%s” is not a revocation reason"), name);
}

CrlBody *crl_new(void)
{
	CrlBody *body = g_new0(CrlBody, 1);

	for (guint i = 0; i < BLOCK_MAX; i++)
		body->block[i].bytes = g_byte_array_new();
	body->slots = SLOTS_MIN;
	body->slot = g_new(guint32, body->slots);
	memset(body->slot, 0xff, body->slots * sizeof *body->slot);
	return body;
}

CrlBody *crl_new_delta(void)
{
	CrlBody *body = crl_new();

	body->is_delta = TRUE;
	return body;
}

void crl_free(CrlBody *body)
{
	if (body == NULL)
		return;
	for (guint i = 0; i < BLOCK_MAX; i++)
		g_byte_array_unref(body->block[i].bytes);
	g_free(body->slot);
	g_free(body);
}

static guint8 *entry_at(const CrlBody *body, guint32 place)
{
	const Block *block = &body->block[place >> PLACE_BITS];

	return block->bytes->data + (place & ((1u << PLACE_BITS) - 1)) * block->entry_size;
}

/* Serials are random but for their first two bits, so their end is its own hash. */
static gsize home_slot(const CrlBody *body, const guint8 *serial)
{
	guint64 hash;

	memcpy(&hash, serial + DER_SERIAL_SIZE - sizeof hash, sizeof hash);
	return (gsize) hash & (body->slots - 1);
}

/* The slot that holds @serial, or the empty one where it belongs. */
static gsize find_slot(const CrlBody *body, const guint8 *serial)
{
	gsize at = home_slot(body, serial);

	while (body->slot[at] != PLACE_EMPTY &&
	       memcmp(entry_at(body, body->slot[at]) + SERIAL_AT, serial, DER_SERIAL_SIZE) != 0)
		at = (at + 1) & (body->slots - 1);
	return at;
}

static void grow_slots(CrlBody *body)
{
	g_autofree guint32 *old = body->slot;
	gsize old_slots = body->slots;

	body->slots *= 2;
	body->slot = g_new(guint32, body->slots);
	memset(body->slot, 0xff, body->slots * sizeof *body->slot);
	for (gsize i = 0; i < old_slots; i++)
		if (old[i] != PLACE_EMPTY)
			body->slot[find_slot(body, entry_at(body, old[i]) + SERIAL_AT)] = old[i];
}

/* Closes the gap: whatever stands behind it and would not be found over it moves up. */
static void empty_slot(CrlBody *body, gsize gap)
{
	gsize mask = body->slots - 1, at = gap;

	body->slot[gap] = PLACE_EMPTY;
	for (;;) {
		gsize home;

		at = (at + 1) & mask;
		if (body->slot[at] == PLACE_EMPTY)
			return;
		home = home_slot(body, entry_at(body, body->slot[at]) + SERIAL_AT);
		if (((at - home) & mask) >= ((at - gap) & mask)) {
			body->slot[gap] = body->slot[at];
			body->slot[at] = PLACE_EMPTY;
			gap = at;
		}
	}
}

static guint8 *put_extensions(guint8 *to, const CrlEntry *entry)
{
	static const guint8 reason[] = { 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d,
					 0x15, 0x04, 0x03, 0x0a, 0x01 };
	static const guint8 invalid[] = { 0x30, 0x18, 0x06, 0x03, 0x55, 0x1d, 0x18, 0x04, 0x11 };
	guint8 *list = to;

	to += 2;
	if (entry->reason != CRL_UNSPECIFIED) {
		memcpy(to, reason, sizeof reason);
		to += sizeof reason;
		*to++ = (guint8) entry->reason;
	}
	if (entry->invalid_from != 0) {
		memcpy(to, invalid, sizeof invalid);
		to += sizeof invalid;
		to += tlv_write_time(to, entry->invalid_from, FALSE);
	}
	list[0] = TLV_SEQUENCE;
	list[1] = (guint8) (to - list - 2);
	return list[1] > 0 ? to : list;
}

static Encoded encode(const CrlEntry *entry)
{
	Encoded encoded = { { TLV_SEQUENCE, 0, TLV_INTEGER, DER_SERIAL_SIZE } };
	guint8 *time = encoded.bytes + SERIAL_AT + DER_SERIAL_SIZE, *end;

	memcpy(encoded.bytes + SERIAL_AT, entry->serial, DER_SERIAL_SIZE);
	end = time + tlv_write_time(time, entry->revoked_at, TRUE);
	end = put_extensions(end, entry);
	encoded.length = (gsize) (end - encoded.bytes);
	encoded.bytes[1] = (guint8) (encoded.length - 2);
	encoded.block = (time[0] == TLV_GENERALIZED_TIME ? BLOCK_LONG_TIME : 0) |
			(entry->reason != CRL_UNSPECIFIED ? BLOCK_REASON : 0) |
			(entry->invalid_from != 0 ? BLOCK_INVALID : 0);
	return encoded;
}

static gboolean is_reason(const CrlBody *body, CrlReason reason)
{
	return crl_reason_name(reason) != NULL || (body->is_delta && reason == CRL_REMOVE_FROM_CRL);
}

gboolean crl_put(CrlBody *body, const CrlEntry *entry, GError **error)
{
	Encoded encoded;
	Block *block;
	gsize at;

	if (!der_serial_is_ours(entry->serial, DER_SERIAL_SIZE))
		return error_set(error, ERROR_CA, N_("The serial number does not have our form"));
	if (!is_reason(body, entry->reason) || !tlv_time_is_valid(entry->revoked_at) ||
	    !tlv_time_is_valid(entry->invalid_from))
		return error_set(error, ERROR_CA, N_("Not a revocation: reason %d"),
				 (int) entry->reason);
	encoded = encode(entry);
	block = &body->block[encoded.block];
	g_assert(block->entry_size == 0 || block->entry_size == encoded.length);
	at = find_slot(body, entry->serial);
	if (body->slot[at] != PLACE_EMPTY && body->slot[at] >> PLACE_BITS == encoded.block) {
		memcpy(entry_at(body, body->slot[at]), encoded.bytes, encoded.length);
		return TRUE;
	}
	crl_remove(body, entry->serial);
	if (2 * (body->count + 1) > body->slots)
		grow_slots(body);
	block->entry_size = encoded.length;
	body->slot[find_slot(body, entry->serial)] =
		encoded.block << PLACE_BITS | (guint32) (block->bytes->len / encoded.length);
	g_byte_array_append(block->bytes, encoded.bytes, (guint) encoded.length);
	body->count++;
	return TRUE;
}

gboolean crl_remove(CrlBody *body, const guint8 serial[DER_SERIAL_SIZE])
{
	gsize at = find_slot(body, serial);
	guint32 place = body->slot[at], last;
	guint8 *entry, *last_entry;
	Block *block;

	if (place == PLACE_EMPTY)
		return FALSE;
	block = &body->block[place >> PLACE_BITS];
	last = (place & ~((1u << PLACE_BITS) - 1)) |
	       (guint32) (block->bytes->len / block->entry_size - 1);
	entry = entry_at(body, place);
	last_entry = entry_at(body, last);
	empty_slot(body, at);
	if (place != last) {
		body->slot[find_slot(body, last_entry + SERIAL_AT)] = place;
		memcpy(entry, last_entry, block->entry_size);
	}
	g_byte_array_set_size(block->bytes, (guint) (block->bytes->len - block->entry_size));
	body->count--;
	return TRUE;
}

gboolean crl_has(const CrlBody *body, const guint8 serial[DER_SERIAL_SIZE])
{
	return body->slot[find_slot(body, serial)] != PLACE_EMPTY;
}

const guint8 *crl_peek(const CrlBody *body, const guint8 serial[DER_SERIAL_SIZE], gsize *ret_length)
{
	guint32 place = body->slot[find_slot(body, serial)];

	if (place == PLACE_EMPTY)
		return NULL;
	*ret_length = body->block[place >> PLACE_BITS].entry_size;
	return entry_at(body, place);
}

static gboolean is_same_entry(const CrlBody *body, const guint8 *entry, gsize length)
{
	gsize other_length;
	const guint8 *other = crl_peek(body, entry + SERIAL_AT, &other_length);

	return other != NULL && other_length == length && memcmp(other, entry, length) == 0;
}

void crl_compare(const CrlBody *body, const CrlBody *other, CrlVisit visit, gpointer data)
{
	for (guint i = 0; i < BLOCK_MAX; i++) {
		const Block *block = &body->block[i];

		for (gsize at = 0; at < block->bytes->len; at += block->entry_size)
			if (!is_same_entry(other, block->bytes->data + at, block->entry_size))
				visit(block->bytes->data + at + SERIAL_AT, data);
	}
}

gsize crl_count(const CrlBody *body)
{
	return body->count;
}

/* Everything of the TBSCertList before the entries. */
static GByteArray *make_head(const CrlRequest *request, gsize entries_length)
{
	GByteArray *head = g_byte_array_new();
	guint8 header[6];

	tlv_put_number(head, TLV_INTEGER, 1); /* v2 */
	tlv_put_bytes(head, sign_algorithm(issuer_signer(request->issuer)));
	tlv_put_bytes(head, issuer_subject(request->issuer));
	tlv_put_time(head, request->this_update);
	tlv_put_time(head, request->next_update);
	/* An empty list must be absent (RFC 5280 5.1.2.6). */
	if (entries_length > 0)
		tlv_put_raw(head, header, tlv_header(TLV_SEQUENCE, entries_length, header));
	return head;
}

/* The parts one after another, with room for the outer header before them and for what follows. */
static GByteArray *make_tbs(const CrlBody *body, const CrlRequest *request, gsize *ret_start)
{
	gsize entries = 0, content;
	g_autoptr(GByteArray) tail = crl_tail(request);
	g_autoptr(GByteArray) head = NULL;
	GByteArray *bytes;
	guint8 header[6] = { 0 };

	for (guint i = 0; i < BLOCK_MAX; i++)
		entries += body->block[i].bytes->len;
	head = make_head(request, entries);
	content = head->len + entries + tail->len;
	bytes = g_byte_array_sized_new((guint) (content + 2048));
	g_byte_array_append(bytes, header, sizeof header);
	*ret_start = bytes->len;
	tlv_put_raw(bytes, header, tlv_header(TLV_SEQUENCE, content, header));
	tlv_put_raw(bytes, head->data, head->len);
	for (guint i = 0; i < BLOCK_MAX; i++)
		tlv_put_raw(bytes, body->block[i].bytes->data, body->block[i].bytes->len);
	tlv_put_raw(bytes, tail->data, tail->len);
	return bytes;
}

static gboolean check_request(const CrlRequest *request, GError **error)
{
	if (issuer_signer(request->issuer) == NULL)
		return error_set(error, ERROR_CA, N_("The CA key cannot be reached"));
	if (!tlv_time_is_valid(request->this_update) || !tlv_time_is_valid(request->next_update) ||
	    request->this_update >= request->next_update)
		return error_set(error, ERROR_CA, N_("The CRL would end before it begins"));
	return TRUE;
}

CrlDraft *crl_draft(const CrlBody *body, const CrlRequest *request, GError **error)
{
	CrlDraft *draft;

	if (!check_request(request, error))
		return NULL;
	draft = g_new0(CrlDraft, 1);
	draft->issuer = issuer_ref(request->issuer);
	draft->list = make_tbs(body, request, &draft->start);
	return draft;
}

void crl_draft_free(CrlDraft *draft)
{
	if (draft == NULL)
		return;
	issuer_free(draft->issuer);
	g_clear_pointer(&draft->list, g_byte_array_unref);
	g_free(draft);
}

GBytes *crl_sign(CrlDraft *given, GError **error)
{
	g_autoptr(CrlDraft) draft = given;
	g_autoptr(GBytes) signature = NULL;
	g_autoptr(GBytes) whole = NULL;
	Signer *signer = issuer_signer(draft->issuer);
	GByteArray *list = draft->list;
	gsize start = draft->start, opened, header_size;
	guint8 header[6];

	if (!sign_bytes(signer, list->data + start, list->len - start, &signature, error))
		return NULL;
	tlv_put_bytes(list, sign_algorithm(signer));
	opened = tlv_open(list, TLV_BIT_STRING);
	g_byte_array_append(list, (const guint8 *) "", 1);
	tlv_put_bytes(list, signature);
	tlv_close(list, opened);
	header_size = tlv_header(TLV_SEQUENCE, list->len - start, header);
	start -= header_size;
	memcpy(list->data + start, header, header_size);
	whole = tlv_finish(g_steal_pointer(&draft->list));
	return g_bytes_new_from_bytes(whole, start, g_bytes_get_size(whole) - start);
}

GBytes *crl_build(const CrlBody *body, const CrlRequest *request, GError **error)
{
	CrlDraft *draft = crl_draft(body, request, error);

	return draft != NULL ? crl_sign(draft, error) : NULL;
}
