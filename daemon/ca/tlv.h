/* SPDX-License-Identifier: Apache-2.0
 * A small DER writer and reader (X.690) for the structures this room makes and reads itself.
 * Nested values are opened and closed; the length is put in on close. The reader takes foreign
 * bytes: it accepts only definite, shortest lengths and never looks past its end. */
#pragma once

#include <glib.h>

enum {
	TLV_BOOLEAN = 0x01,
	TLV_INTEGER = 0x02,
	TLV_BIT_STRING = 0x03,
	TLV_OCTET_STRING = 0x04,
	TLV_NULL = 0x05,
	TLV_OID = 0x06,
	TLV_ENUMERATED = 0x0a,
	TLV_UTF8_STRING = 0x0c,
	TLV_PRINTABLE_STRING = 0x13,
	TLV_IA5_STRING = 0x16,
	TLV_UTC_TIME = 0x17,
	TLV_GENERALIZED_TIME = 0x18,
	TLV_SEQUENCE = 0x30,
	TLV_SET = 0x31,
	TLV_CONTEXT = 0x80,  /* + number: primitive */
	TLV_EXPLICIT = 0xa0, /* + number: constructed */
};

typedef struct Tlv {
	const guint8 *whole; /* tag, length and content */
	gsize whole_length;
	const guint8 *content;
	gsize length;
	guint8 tag;
} Tlv;

/* What is left to read; borrowed. */
typedef struct TlvReader {
	const guint8 *at;
	gsize left;
} TlvReader;

/* Begins a constructed value; the result is handed to tlv_close(). */
gsize tlv_open(GByteArray *to, guint8 tag);
void tlv_close(GByteArray *to, gsize opened);

void tlv_put(GByteArray *to, guint8 tag, const void *content, gsize length);
/* Bytes that are DER already. */
void tlv_put_raw(GByteArray *to, const void *bytes, gsize length);
void tlv_put_bytes(GByteArray *to, GBytes *der);
/* INTEGER or ENUMERATED, not negative. */
void tlv_put_number(GByteArray *to, guint8 tag, guint64 number);
/* "1.2.840.10045.4.3.2"; the caller's own constant. */
void tlv_put_oid(GByteArray *to, const char *dotted);
/* UTCTime from 1950 to 2049, GeneralizedTime otherwise (RFC 5280 4.1.2.5). */
void tlv_put_time(GByteArray *to, gint64 at);
/* Always GeneralizedTime, without fraction. */
void tlv_put_generalized(GByteArray *to, gint64 at);
/* The two above into a buffer: @is_short allows UTCTime. Returns the size, 15 or 17. */
gsize tlv_write_time(guint8 ret_time[17], gint64 at, gboolean is_short);
/* Writes tag and length of @length octets of content into @ret_header; returns its size, ≤ 6. */
gsize tlv_header(guint8 tag, gsize length, guint8 ret_header[6]);
/* Turns the array into immutable bytes. */
GBytes *tlv_finish(GByteArray *to);

/* Whether @at can be written: years 1 to 9999. */
gboolean tlv_time_is_valid(gint64 at);

TlvReader tlv_read(GBytes *der);
TlvReader tlv_inside(const Tlv *outer);
/* The next value; FALSE at the end or when it is not DER. */
gboolean tlv_next(TlvReader *from, Tlv *ret_tlv) G_GNUC_WARN_UNUSED_RESULT;
/* The next value, which must have @tag; nothing is taken otherwise. */
gboolean tlv_expect(TlvReader *from, guint8 tag, Tlv *ret_tlv) G_GNUC_WARN_UNUSED_RESULT;
/* UTCTime or GeneralizedTime of exactly the forms that tlv_put_time() writes. */
gboolean tlv_time(const Tlv *tlv, gint64 *ret_at) G_GNUC_WARN_UNUSED_RESULT;
/* A number that is not negative and fits. */
gboolean tlv_number(const Tlv *tlv, guint64 *ret_number) G_GNUC_WARN_UNUSED_RESULT;
/* A copy of the whole value. */
GBytes *tlv_copy(const Tlv *tlv);
