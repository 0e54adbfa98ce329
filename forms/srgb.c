/* SPDX-License-Identifier: Apache-2.0
 * sRGB as a matrix and one tone curve (ICC.1:1998-09), built here: it needs no file of another
 * package, is the same on every machine, and nobody else's licence stands on a register. */
#include "forms/srgb.h"

#include <math.h>

#define CURVE_POINTS 1024

static void put32(GByteArray *out, guint32 value)
{
	guint32 big = GUINT32_TO_BE(value);

	g_byte_array_append(out, (const guint8 *) &big, sizeof big);
}

static void put16(GByteArray *out, guint value)
{
	guint16 big = GUINT16_TO_BE((guint16) value);

	g_byte_array_append(out, (const guint8 *) &big, sizeof big);
}

static void put_text(GByteArray *out, const char *text, gsize n)
{
	g_byte_array_append(out, (const guint8 *) text, (guint) n);
}

static void put_zeros(GByteArray *out, gsize n)
{
	static const guint8 zeros[128];

	g_byte_array_append(out, zeros, (guint) n);
}

/* 6.1: what kind of profile; the illuminant is D50 by definition. */
static void put_header(GByteArray *out, guint32 size)
{
	put32(out, size);
	put_zeros(out, 4);
	put32(out, 0x02100000);
	put_text(out, "mntrRGB XYZ ", 12);
	put16(out, 2026);
	put16(out, 1);
	put16(out, 1);
	put_zeros(out, 6);
	put_text(out, "acsp", 4);
	put_zeros(out, 28);
	put32(out, 0x0000F6D6);
	put32(out, 0x00010000);
	put32(out, 0x0000D32D);
	put_zeros(out, 48);
}

static void put_xyz(GByteArray *out, guint32 x, guint32 y, guint32 z)
{
	put_text(out, "XYZ \0\0\0\0", 8);
	put32(out, x);
	put32(out, y);
	put32(out, z);
}

/* IEC 61966-2-1, 5.2: from the coded value to light */
static void put_curve(GByteArray *out)
{
	put_text(out, "curv\0\0\0\0", 8);
	put32(out, CURVE_POINTS);
	for (int i = 0; i < CURVE_POINTS; i++) {
		double v = i / (CURVE_POINTS - 1.0);
		double light = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);

		put16(out, (guint) floor(light * 65535 + 0.5));
	}
}

static void put_description(GByteArray *out)
{
	static const char name[] = "sRGB IEC61966-2.1";

	put_text(out, "desc\0\0\0\0", 8);
	put32(out, sizeof name);
	put_text(out, name, sizeof name);
	put_zeros(out, 4 + 4 + 2 + 1 + 67);
}

static void put_copyright(GByteArray *out)
{
	static const char text[] = "No copyright, use freely";

	put_text(out, "text\0\0\0\0", 8);
	put_text(out, text, sizeof text);
}

/* Ends an element on a multiple of four; returns where it began and sets its size. */
static void close_element(GByteArray *body, const char *signature, guint *at, GByteArray *tags)
{
	put_text(tags, signature, 4);
	put32(tags, 128 + 4 + 9 * 12 + *at);
	put32(tags, body->len - *at);
	while (body->len % 4 != 0)
		put_zeros(body, 1);
	*at = body->len;
}

GBytes *srgb_profile(void)
{
	g_autoptr(GByteArray) body = g_byte_array_new(), tags = g_byte_array_new();
	GByteArray *out = g_byte_array_new();
	guint at = 0, curve;

	put_description(body);
	close_element(body, "desc", &at, tags);
	put_copyright(body);
	close_element(body, "cprt", &at, tags);
	put_xyz(body, 0x0000F6D6, 0x00010000, 0x0000D32D);
	close_element(body, "wtpt", &at, tags);
	put_xyz(body, 0x00006FA2, 0x000038F5, 0x00000390);
	close_element(body, "rXYZ", &at, tags);
	put_xyz(body, 0x00006299, 0x0000B785, 0x000018DA);
	close_element(body, "gXYZ", &at, tags);
	put_xyz(body, 0x000024A0, 0x00000F84, 0x0000B6CF);
	close_element(body, "bXYZ", &at, tags);
	curve = at;
	put_curve(body);
	close_element(body, "rTRC", &at, tags);
	at = curve;
	close_element(body, "gTRC", &at, tags);
	at = curve;
	close_element(body, "bTRC", &at, tags);
	put_header(out, 128 + 4 + tags->len + body->len);
	put32(out, tags->len / 12);
	g_byte_array_append(out, tags->data, tags->len);
	g_byte_array_append(out, body->data, body->len);
	return g_byte_array_free_to_bytes(out);
}
