/* SPDX-License-Identifier: Apache-2.0
 * DER in and out. The writer's inputs are our own; the reader's are anybody's. */
#include "daemon/ca/tlv.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define YEAR_1    (-62135596800)
#define YEAR_1950 (-631152000)
#define YEAR_2050 2524608000
#define YEAR_9999 253402300799

gsize tlv_header(guint8 tag, gsize length, guint8 ret_header[6])
{
	gsize octets = 0;

	ret_header[0] = tag;
	if (length < 0x80) {
		ret_header[1] = (guint8) length;
		return 2;
	}
	for (gsize rest = length; rest > 0; rest >>= 8)
		octets++;
	g_assert(octets <= 4);
	ret_header[1] = (guint8) (0x80 | octets);
	for (gsize i = 0; i < octets; i++)
		ret_header[2 + i] = (guint8) (length >> (8 * (octets - 1 - i)));
	return 2 + octets;
}

gsize tlv_open(GByteArray *to, guint8 tag)
{
	const guint8 header[2] = { tag, 0 };

	g_byte_array_append(to, header, sizeof header);
	return to->len;
}

void tlv_close(GByteArray *to, gsize opened)
{
	gsize length = to->len - opened;
	guint8 header[6];
	gsize extra = tlv_header(to->data[opened - 2], length, header) - 2;

	if (extra > 0) {
		g_byte_array_set_size(to, (guint) (to->len + extra));
		memmove(to->data + opened + extra, to->data + opened, length);
	}
	memcpy(to->data + opened - 2, header, 2 + extra);
}

void tlv_put(GByteArray *to, guint8 tag, const void *content, gsize length)
{
	guint8 header[6];

	g_byte_array_append(to, header, (guint) tlv_header(tag, length, header));
	g_byte_array_append(to, content, (guint) length);
}

void tlv_put_raw(GByteArray *to, const void *bytes, gsize length)
{
	g_byte_array_append(to, bytes, (guint) length);
}

void tlv_put_bytes(GByteArray *to, GBytes *der)
{
	gsize length;
	const void *bytes = g_bytes_get_data(der, &length);

	tlv_put_raw(to, bytes, length);
}

void tlv_put_number(GByteArray *to, guint8 tag, guint64 number)
{
	guint8 octets[9];
	gsize at = sizeof octets;

	do {
		octets[--at] = (guint8) number;
		number >>= 8;
	} while (number > 0);
	if (octets[at] & 0x80)
		octets[--at] = 0;
	tlv_put(to, tag, octets + at, sizeof octets - at);
}

static void put_base128(GByteArray *to, guint64 arc)
{
	guint8 octets[10];
	gsize at = sizeof octets;

	octets[--at] = arc & 0x7f;
	while (arc >>= 7)
		octets[--at] = (guint8) (0x80 | (arc & 0x7f));
	g_byte_array_append(to, octets + at, (guint) (sizeof octets - at));
}

void tlv_put_oid(GByteArray *to, const char *dotted)
{
	gsize opened = tlv_open(to, TLV_OID);
	char *rest;
	guint64 first = strtoull(dotted, &rest, 10);

	g_assert(*rest == '.');
	put_base128(to, first * 40 + strtoull(rest + 1, &rest, 10));
	while (*rest == '.')
		put_base128(to, strtoull(rest + 1, &rest, 10));
	tlv_close(to, opened);
}

gboolean tlv_time_is_valid(gint64 at)
{
	return at >= YEAR_1 && at <= YEAR_9999;
}

static void two_digits(guint8 *to, int number)
{
	to[0] = (guint8) ('0' + number / 10);
	to[1] = (guint8) ('0' + number % 10);
}

gsize tlv_write_time(guint8 ret_time[17], gint64 at, gboolean is_short)
{
	gboolean is_utc = is_short && at >= YEAR_1950 && at < YEAR_2050;
	time_t seconds = (time_t) CLAMP(at, YEAR_1, YEAR_9999);
	guint8 *to = ret_time + 2;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	ret_time[0] = is_utc ? TLV_UTC_TIME : TLV_GENERALIZED_TIME;
	ret_time[1] = is_utc ? 13 : 15;
	if (!is_utc) {
		two_digits(to, (tm.tm_year + 1900) / 100);
		to += 2;
	}
	two_digits(to, (tm.tm_year + 1900) % 100);
	two_digits(to + 2, tm.tm_mon + 1);
	two_digits(to + 4, tm.tm_mday);
	two_digits(to + 6, tm.tm_hour);
	two_digits(to + 8, tm.tm_min);
	two_digits(to + 10, tm.tm_sec);
	to[12] = 'Z';
	return (gsize) (to + 13 - ret_time);
}

void tlv_put_generalized(GByteArray *to, gint64 at)
{
	guint8 time[17];

	tlv_put_raw(to, time, tlv_write_time(time, at, FALSE));
}

void tlv_put_time(GByteArray *to, gint64 at)
{
	guint8 time[17];

	tlv_put_raw(to, time, tlv_write_time(time, at, TRUE));
}

GBytes *tlv_finish(GByteArray *to)
{
	return g_byte_array_free_to_bytes(to);
}

TlvReader tlv_read(GBytes *der)
{
	gsize length;
	const guint8 *bytes = g_bytes_get_data(der, &length);

	return (TlvReader){ bytes, length };
}

TlvReader tlv_inside(const Tlv *outer)
{
	return (TlvReader){ outer->content, outer->length };
}

gboolean tlv_next(TlvReader *from, Tlv *ret_tlv)
{
	const guint8 *at = from->at;
	gsize length, header = 2;

	if (from->left < 2 || (at[0] & 0x1f) == 0x1f)
		return FALSE;
	length = at[1];
	if (length >= 0x80) {
		gsize octets = length & 0x7f;

		if (octets == 0 || octets > 4 || from->left < 2 + octets || at[2] == 0)
			return FALSE;
		length = 0;
		for (gsize i = 0; i < octets; i++)
			length = length << 8 | at[2 + i];
		if (length < 0x80)
			return FALSE;
		header += octets;
	}
	if (length > from->left - header)
		return FALSE;
	*ret_tlv = (Tlv){ at, header + length, at + header, length, at[0] };
	from->at += header + length;
	from->left -= header + length;
	return TRUE;
}

gboolean tlv_expect(TlvReader *from, guint8 tag, Tlv *ret_tlv)
{
	return from->left > 0 && from->at[0] == tag && tlv_next(from, ret_tlv);
}

static int read_two(const guint8 *from)
{
	return g_ascii_isdigit(from[0]) && g_ascii_isdigit(from[1])
		       ? (from[0] - '0') * 10 + from[1] - '0'
		       : -1;
}

gboolean tlv_time(const Tlv *tlv, gint64 *ret_at)
{
	gsize skip = tlv->tag == TLV_GENERALIZED_TIME ? 2 : 0;
	const guint8 *text = tlv->content;
	int part[6], century;
	struct tm tm;
	gint64 at;

	if ((tlv->tag != TLV_UTC_TIME && skip == 0) || tlv->length != 13 + skip ||
	    text[tlv->length - 1] != 'Z')
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(part); i++) {
		part[i] = read_two(text + skip + 2 * i);
		if (part[i] < 0)
			return FALSE;
	}
	century = skip > 0 ? read_two(text) : (part[0] < 50 ? 20 : 19);
	if (century < 0 || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31 ||
	    part[3] > 23 || part[4] > 59 || part[5] > 59)
		return FALSE;
	tm = (struct tm){
		.tm_year = century * 100 + part[0] - 1900,
		.tm_mon = part[1] - 1,
		.tm_mday = part[2],
		.tm_hour = part[3],
		.tm_min = part[4],
		.tm_sec = part[5],
	};
	at = timegm(&tm);
	if (!tlv_time_is_valid(at))
		return FALSE;
	*ret_at = at;
	return TRUE;
}

gboolean tlv_number(const Tlv *tlv, guint64 *ret_number)
{
	guint64 number = 0;
	gsize skip = tlv->length > 1 && tlv->content[0] == 0 ? 1 : 0;

	if (tlv->length == 0 || tlv->content[0] & 0x80 || tlv->length - skip > 8)
		return FALSE;
	for (gsize i = skip; i < tlv->length; i++)
		number = number << 8 | tlv->content[i];
	*ret_number = number;
	return TRUE;
}

GBytes *tlv_copy(const Tlv *tlv)
{
	return g_bytes_new(tlv->whole, tlv->whole_length);
}
