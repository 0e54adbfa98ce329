/* SPDX-License-Identifier: Apache-2.0
 * OCSP requests of every shape: the allowed ones, the slightly wrong ones, and garbage. */
#include <openssl/ocsp.h>
#include <string.h>

#include "daemon/ca/crl.h"
#include "tests/ca/ocsp_world.h"

static void test_limits(void)
{
	World world;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	for (int count = 0; count <= 300; count += count < 60 ? 20 : 1) {
		g_autoptr(GBytes) request = ocsp_world_request(&world, count, -1);
		g_auto(OcspAnswer) got = ocsp_world_answer(&world, request, world.fixture.now);

		g_assert_cmpint(got.result, ==,
				count >= 1 && count <= OCSP_REQUEST_CERTIFICATES
					? OCSP_SUCCESSFUL
					: OCSP_MALFORMED_REQUEST);
	}
	ocsp_world_clear(&world);
}

static gboolean openssl_accepts(const guint8 *bytes, gsize length)
{
	const guint8 *at = bytes;
	OCSP_REQUEST *request = d2i_OCSP_REQUEST(NULL, &at, (long) length);
	gboolean is_accepted = request != NULL && at == bytes + length;

	OCSP_REQUEST_free(request);
	return is_accepted;
}

static GBytes *mutate(GBytes *request)
{
	gsize length = g_bytes_get_size(request);
	guint8 *bytes = g_memdup2(g_bytes_get_data(request, NULL), length);

	for (int i = g_test_rand_int_range(0, 4); i >= 0 && length > 0; i--) {
		gsize at = (gsize) g_test_rand_int_range(0, (gint32) length);

		switch (g_test_rand_int_range(0, 4)) {
		case 0:
			bytes[at] ^= (guint8) (1 << g_test_rand_int_range(0, 8));
			break;
		case 1:
			bytes[at] = (guint8) g_test_rand_int();
			break;
		case 2:
			length = at;
			break;
		default:
			memmove(bytes + at, bytes + length / 2, length - MAX(at, length / 2));
			break;
		}
	}
	return g_bytes_new_take(bytes, length);
}

/* Whatever we answer other than malformedRequest, OpenSSL must be able to read as a request too:
 * our reader is the stricter of the two. */
static void test_garbage(void)
{
	World world;
	GBytes *seed[4];
	int counts[2] = { 0 };

	ocsp_world_init(&world, &(OcspSettings){ .nonce_budget = 100 });
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	ocsp_world_set(&world, 1, STATUS_REVOKED, CRL_KEY_COMPROMISE);
	seed[0] = ocsp_world_request(&world, 1, -1);
	seed[1] = ocsp_world_request(&world, 2, 32);
	seed[2] = ocsp_world_request(&world, 5, 128);
	seed[3] = ocsp_world_ask(&world, "-sha256 -cert card0.pem");
	for (int i = 0; i < 50000; i++) {
		g_autoptr(GBytes) request = mutate(seed[i % 4]);
		g_auto(OcspAnswer) got = { 0 };
		gsize length;
		const guint8 *bytes = g_bytes_get_data(request, &length);

		ocsp_answer(world.ocsp, bytes, length, world.fixture.now, &got);
		g_assert_nonnull(got.der);
		if (got.result != OCSP_MALFORMED_REQUEST)
			g_assert_true(openssl_accepts(bytes, length));
		counts[got.result == OCSP_MALFORMED_REQUEST]++;
	}
	/* Both kinds came up, or the test says nothing. */
	g_assert_cmpint(counts[0], >, 500);
	g_assert_cmpint(counts[1], >, 500);
	for (gsize i = 0; i < G_N_ELEMENTS(seed); i++)
		g_bytes_unref(seed[i]);
	ocsp_world_clear(&world);
}

static void test_refused_shapes(void)
{
	static const char *const hex[] = {
		"",
		"30",
		"3000",
		"30023000",
		"300430023000",             /* an empty list */
		"3080000000",               /* indefinite length */
		"300930070201003002300030", /* cut off */
		"3009a003020101300230003000",
	};
	World world;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	for (gsize i = 0; i < G_N_ELEMENTS(hex); i++) {
		guint8 bytes[64];
		gsize length = strlen(hex[i]) / 2;
		g_auto(OcspAnswer) got = { 0 };

		for (gsize j = 0; j < length; j++)
			bytes[j] = (guint8) (g_ascii_xdigit_value(hex[i][2 * j]) << 4 |
					     g_ascii_xdigit_value(hex[i][2 * j + 1]));
		ocsp_answer(world.ocsp, bytes, length, world.fixture.now, &got);
		g_assert_cmpint(got.result, ==, OCSP_MALFORMED_REQUEST);
		g_assert_cmpmem(g_bytes_get_data(got.der, NULL), g_bytes_get_size(got.der),
				"\x30\x03\x0a\x01\x01", 5);
	}
	ocsp_world_clear(&world);
}

static void expect_malformed(World *world, GBytes *request, gboolean is_malformed)
{
	g_auto(OcspAnswer) got = ocsp_world_answer(world, request, world->fixture.now);

	g_assert_cmpint(got.result, ==, is_malformed ? OCSP_MALFORMED_REQUEST : OCSP_SUCCESSFUL);
}

/* @good with its outermost length written in one octet more than needed. */
static GBytes *lengthen(GBytes *good)
{
	gsize length, kept;
	const guint8 *bytes = g_bytes_get_data(good, &length);
	guint8 *copy = g_malloc(length + 1);

	kept = bytes[1] < 0x80 ? 1 : 2;
	copy[0] = bytes[0];
	copy[1] = (guint8) (0x80 + kept);
	copy[2] = 0;
	memcpy(copy + 1 + kept, bytes + kept, length - kept);
	return g_bytes_new_take(copy, length + 1);
}

static void test_lengths_are_the_shortest(void)
{
	World world;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	/* Lengths below 128, and above. */
	for (int count = 1; count <= 2; count++) {
		g_autoptr(GBytes) good = ocsp_world_request(&world, count, -1);
		g_autoptr(GBytes) longer = lengthen(good);

		g_assert_true(
			openssl_accepts(g_bytes_get_data(longer, NULL), g_bytes_get_size(longer)));
		expect_malformed(&world, good, FALSE);
		expect_malformed(&world, longer, TRUE);
	}
	ocsp_world_clear(&world);
}

/* CertID for @serial, which may have any form. */
static GBytes *write_request(World *world, const void *serial, gsize length)
{
	static const guint8 sha1[] = { 0x30, 0x07, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a };
	GByteArray *to = g_byte_array_new();
	gsize opened[5];

	for (int i = 0; i < 5; i++)
		opened[i] = tlv_open(to, TLV_SEQUENCE);
	tlv_put_raw(to, sha1, sizeof sha1);
	tlv_put(to, TLV_OCTET_STRING, issuer_name_hash(world->fixture.issuer, KEY_HASH_SHA1), 20);
	tlv_put(to, TLV_OCTET_STRING, issuer_key_hash(world->fixture.issuer, KEY_HASH_SHA1), 20);
	tlv_put(to, TLV_INTEGER, serial, length);
	for (int i = 4; i >= 0; i--)
		tlv_close(to, opened[i]);
	return tlv_finish(to);
}

typedef struct SerialRow {
	const char *bytes;
	gsize length;
	gboolean is_malformed;
} SerialRow;

static void test_serials_of_any_form(void)
{
	static const SerialRow rows[] = {
		{ "\x01", 1, FALSE },
		{ "\x00", 1, FALSE },
		{ "\xff", 1, FALSE },
		{ "\x00\x80", 2, FALSE },
		{ "", 0, TRUE },
		{ "\x00\x01", 2, TRUE },
		{ "\xff\x80", 2, TRUE },
		{ "\x41 a serial of twenty", 20, FALSE },
		{ "\x80 sixteen octets", 16, FALSE },
	};
	World world;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GBytes) request = write_request(&world, rows[i].bytes, rows[i].length);

		expect_malformed(&world, request, rows[i].is_malformed);
	}
	ocsp_world_clear(&world);
}

/* @good plus an extension with OpenSSL's number @nid. */
static GBytes *add_extension(GBytes *good, int nid, gboolean is_critical)
{
	const guint8 *at = g_bytes_get_data(good, NULL);
	OCSP_REQUEST *request = d2i_OCSP_REQUEST(NULL, &at, (long) g_bytes_get_size(good));
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;
	unsigned char *der = NULL;
	GBytes *bytes;
	int length;

	ASN1_OCTET_STRING_set(value, (const guint8 *) "\x04\x02xy", 4);
	extension = X509_EXTENSION_create_by_NID(NULL, nid, is_critical, value);
	OCSP_REQUEST_add_ext(request, extension, -1);
	length = i2d_OCSP_REQUEST(request, &der);
	bytes = g_bytes_new(der, (gsize) length);
	OPENSSL_free(der);
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
	OCSP_REQUEST_free(request);
	return bytes;
}

static void test_extensions(void)
{
	World world;
	g_autoptr(GBytes) good = NULL;
	g_autoptr(GBytes) harmless = NULL;
	g_autoptr(GBytes) critical = NULL;
	g_autoptr(GBytes) critical_nonce = NULL;
	g_autoptr(GBytes) two_nonces = NULL;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	good = ocsp_world_request(&world, 1, -1);
	harmless = add_extension(good, NID_id_pkix_OCSP_acceptableResponses, FALSE);
	expect_malformed(&world, harmless, FALSE);
	critical = add_extension(good, NID_id_pkix_OCSP_acceptableResponses, TRUE);
	expect_malformed(&world, critical, TRUE);
	critical_nonce = add_extension(good, NID_id_pkix_OCSP_Nonce, TRUE);
	expect_malformed(&world, critical_nonce, FALSE);
	two_nonces = add_extension(critical_nonce, NID_id_pkix_OCSP_Nonce, FALSE);
	expect_malformed(&world, two_nonces, TRUE);
	ocsp_world_clear(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ocsp-request/limits", test_limits);
	g_test_add_func("/ocsp-request/garbage", test_garbage);
	g_test_add_func("/ocsp-request/shortest-lengths", test_lengths_are_the_shortest);
	g_test_add_func("/ocsp-request/serials-of-any-form", test_serials_of_any_form);
	g_test_add_func("/ocsp-request/extensions", test_extensions);
	g_test_add_func("/ocsp-request/refused-shapes", test_refused_shapes);
	return g_test_run();
}
