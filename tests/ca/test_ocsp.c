/* SPDX-License-Identifier: Apache-2.0
 * OCSP with `openssl ocsp` as the client: it writes the requests and judges the answers. */
#include <openssl/ocsp.h>
#include <string.h>

#include "daemon/ca/crl.h"
#include "daemon/ca/ocsp.h"
#include "tests/ca/fixture.h"

#define DAY   (24 * 60 * 60)
#define CARDS 3

typedef struct World {
	Fixture fixture;
	Fixture other; /* a CA we do not answer for */
	StatusIndex *index;
	OcspResponder *responder;
	Ocsp *ocsp;
	guint8 serial[CARDS][DER_SERIAL_SIZE];
} World;

static void set(World *world, int card, StatusState state, CrlReason reason)
{
	StatusEntry entry = { .issuer = 1,
			      .state = (guint8) state,
			      .reason = (guint8) reason,
			      .since = world->fixture.now - 1000,
			      .not_after = world->fixture.now + DAY };

	memcpy(entry.serial, world->serial[card], DER_SERIAL_SIZE);
	status_index_set(world->index, &entry);
}

static void world_init(World *world, const OcspSettings *settings)
{
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	GError *error = NULL;

	fixture_init(&world->fixture, KEY_EC_P256, now);
	fixture_init(&world->other, KEY_EC_P256, now);
	world->index = status_index_new();
	status_index_load_begin(world->index, 0);
	status_index_load_finish(world->index);
	for (int card = 0; card < CARDS; card++) {
		g_autofree char *number = g_strdup_printf("OP%d", card);
		g_autofree char *name = g_strdup_printf("card%d.pem", card);
		g_autoptr(GBytes) certificate =
			fixture_card(&world->fixture, number, world->serial[card]);

		fixture_write_pem(&world->fixture, name, "CERTIFICATE", certificate);
	}
	fixture_write_pem(&world->fixture, "other-ca.pem", "CERTIFICATE",
			  issuer_certificate(world->other.issuer));
	world->responder = ocsp_responder_create(
		world->fixture.issuer, fixture_path(&world->fixture, "ocsp.pem"), now, &error);
	g_assert_no_error(error);
	world->ocsp = ocsp_new(world->index, settings);
	ocsp_set_responder(world->ocsp, world->responder);
}

static void world_clear(World *world)
{
	ocsp_free(world->ocsp);
	ocsp_responder_free(world->responder);
	status_index_free(world->index);
	fixture_clear(&world->other);
	fixture_clear(&world->fixture);
}

/* The request openssl writes for @arguments. */
static GBytes *ask(World *world, const char *arguments)
{
	g_free(fixture_must(&world->fixture, "openssl ocsp -issuer ca.pem %s -reqout request.der",
			    arguments));
	return fixture_read(&world->fixture, "request.der");
}

static OcspAnswer answer(World *world, GBytes *request, gint64 now)
{
	OcspAnswer got;

	ocsp_answer(world->ocsp, g_bytes_get_data(request, NULL), g_bytes_get_size(request), now,
		    &got);
	g_assert_nonnull(got.der);
	fixture_write(&world->fixture, "response.der", g_bytes_get_data(got.der, NULL),
		      g_bytes_get_size(got.der));
	return got;
}

/* What openssl says to our answer to its own request. Given a nonce here it would make a new one
 * to compare with, so nonces are compared by check_nonce(). */
static char *converse(World *world, const char *arguments, OcspAnswer *ret_answer)
{
	g_autoptr(GBytes) request = ask(world, arguments);

	*ret_answer = answer(world, request, world->fixture.now);
	return fixture_run(&world->fixture, &(int){ 0 },
			   "openssl ocsp -CAfile ca.pem -issuer ca.pem -no_nonce %s -respin "
			   "response.der -resp_text",
			   arguments);
}

static void expect(World *world, const char *arguments, const char *part)
{
	g_auto(OcspAnswer) got = { 0 };
	g_autofree char *text = converse(world, arguments, &got);

	g_assert_cmpint(got.result, ==, OCSP_SUCCESSFUL);
	fixture_expect(text, "Response verify OK");
	fixture_expect(text, part);
}

static void test_states(void)
{
	World world;

	world_init(&world, &(OcspSettings){ 0 });
	expect(&world, "-cert card0.pem", "card0.pem: unknown\n");
	set(&world, 0, STATUS_PENDING, 0);
	expect(&world, "-cert card0.pem", "card0.pem: unknown\n");
	set(&world, 0, STATUS_VALID, 0);
	expect(&world, "-cert card0.pem", "card0.pem: good\n");
	expect(&world, "-no_nonce -cert card0.pem", "card0.pem: good\n");
	set(&world, 0, STATUS_HOLD, 0);
	expect(&world, "-no_nonce -cert card0.pem", "Reason: certificateHold\n");
	set(&world, 0, STATUS_VALID, 0);
	expect(&world, "-no_nonce -cert card0.pem", "card0.pem: good\n");
	set(&world, 0, STATUS_REVOKED, CRL_KEY_COMPROMISE);
	expect(&world, "-no_nonce -cert card0.pem", "Reason: keyCompromise\n");
	expect(&world, "-cert card0.pem", "card0.pem: revoked\n");
	set(&world, 0, STATUS_REVOKED, CRL_UNSPECIFIED);
	expect(&world, "-cert card0.pem", "card0.pem: revoked\n");
	world_clear(&world);
}

static void test_revocation_time(void)
{
	World world;
	g_autoptr(GDateTime) since = NULL;
	g_autofree char *line = NULL;

	world_init(&world, &(OcspSettings){ 0 });
	set(&world, 0, STATUS_REVOKED, CRL_SUPERSEDED);
	since = g_date_time_new_from_unix_utc(world.fixture.now - 1000);
	line = g_date_time_format(since, "Revocation Time: %b %e %H:%M:%S %Y GMT\n");
	expect(&world, "-cert card0.pem", line);
	expect(&world, "-cert card0.pem", "Revocation Reason: superseded (0x4)\n");
	world_clear(&world);
}

static void test_several_certificates(void)
{
	World world;
	g_auto(OcspAnswer) got = { 0 };
	g_autofree char *text = NULL;

	world_init(&world, &(OcspSettings){ 0 });
	set(&world, 0, STATUS_VALID, 0);
	set(&world, 1, STATUS_REVOKED, CRL_AFFILIATION_CHANGED);
	text = converse(&world, "-no_nonce -cert card0.pem -cert card1.pem -cert card2.pem", &got);
	fixture_expect(text, "Response verify OK");
	fixture_expect(text, "card0.pem: good\n");
	fixture_expect(text, "card1.pem: revoked\n");
	fixture_expect(text, "card2.pem: unknown\n");
	g_assert_false(got.is_cacheable);
	world_clear(&world);
}

static void test_sha256_certid(void)
{
	World world;

	world_init(&world, &(OcspSettings){ 0 });
	set(&world, 0, STATUS_VALID, 0);
	expect(&world, "-sha256 -cert card0.pem", "Hash Algorithm: sha256\n");
	expect(&world, "-sha256 -no_nonce -cert card0.pem", "card0.pem: good\n");
	expect(&world, "-sha1 -no_nonce -cert card0.pem", "Hash Algorithm: sha1\n");
	world_clear(&world);
}

static void expect_result(World *world, const char *arguments, OcspResult result, const char *text)
{
	g_auto(OcspAnswer) got = { 0 };
	g_autofree char *said = converse(world, arguments, &got);

	g_assert_cmpint(got.result, ==, result);
	g_assert_false(got.is_cacheable);
	fixture_expect(said, text);
}

static void test_not_our_issuer(void)
{
	World world;
	g_auto(OcspAnswer) got = { 0 };
	g_autofree char *text = NULL;

	world_init(&world, &(OcspSettings){ 0 });
	set(&world, 0, STATUS_VALID, 0);
	expect_result(&world, "-issuer other-ca.pem -cert card0.pem", OCSP_UNAUTHORIZED,
		      "unauthorized (6)");
	expect_result(&world, "-sha384 -cert card0.pem", OCSP_UNAUTHORIZED, "unauthorized (6)");
	/* openssl trusts no delegated signer with two CAs in one answer, so it only reads this one.
	 */
	text = converse(&world, "-noverify -cert card0.pem -issuer other-ca.pem -cert card1.pem",
			&got);
	fixture_expect(text, "Cert Status: good");
	fixture_expect(text, "Cert Status: unknown");
	world_clear(&world);
}

static void test_try_later(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;
	g_auto(OcspAnswer) late = { 0 };

	world_init(&world, &(OcspSettings){ 0 });
	set(&world, 0, STATUS_VALID, 0);
	set(&world, 1, STATUS_VALID, 0);
	expect(&world, "-no_nonce -cert card0.pem", "card0.pem: good\n");
	status_index_mark(world.index, 1, world.serial[0]);
	expect_result(&world, "-no_nonce -cert card0.pem", OCSP_TRY_LATER, "trylater (3)");
	expect_result(&world, "-cert card1.pem -cert card0.pem", OCSP_TRY_LATER, "trylater (3)");
	expect(&world, "-no_nonce -cert card1.pem", "card1.pem: good\n");
	status_index_clear(world.index, 1, world.serial[0]);
	expect(&world, "-no_nonce -cert card0.pem", "card0.pem: good\n");
	status_index_close(world.index);
	expect_result(&world, "-no_nonce -cert card0.pem", OCSP_TRY_LATER, "trylater (3)");
	status_index_open(world.index);
	request = ask(&world, "-no_nonce -cert card0.pem");
	late = answer(&world, request, ocsp_responder_not_after(world.responder) + 1);
	g_assert_cmpint(late.result, ==, OCSP_TRY_LATER);
	ocsp_set_issuer(world.ocsp, world.fixture.issuer);
	expect_result(&world, "-no_nonce -cert card0.pem", OCSP_TRY_LATER, "trylater (3)");
	ocsp_set_responder(world.ocsp, world.responder);
	expect(&world, "-no_nonce -cert card0.pem", "card0.pem: good\n");
	world_clear(&world);
}

/* A request as OpenSSL's library builds it, with a nonce of @nonce_length octets (-1: none). */
static GBytes *build_request(World *world, int count, int nonce_length)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	const guint8 *at = g_bytes_get_data(issuer_certificate(world->fixture.issuer), NULL);
	X509 *ca = d2i_X509(NULL, &at,
			    (long) g_bytes_get_size(issuer_certificate(world->fixture.issuer)));
	unsigned char *der = NULL;
	GBytes *bytes;
	int length;

	for (int i = 0; i < count; i++) {
		ASN1_INTEGER *serial = ASN1_INTEGER_new();

		ASN1_STRING_set(serial, world->serial[i % CARDS], DER_SERIAL_SIZE);
		OCSP_request_add0_id(request,
				     OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(ca),
						      X509_get0_pubkey_bitstr(ca), serial));
		ASN1_INTEGER_free(serial);
	}
	if (nonce_length >= 0) {
		ASN1_OCTET_STRING *nonce = ASN1_OCTET_STRING_new();
		guint8 octets[256];
		gsize header = tlv_header(TLV_OCTET_STRING, (gsize) nonce_length, octets);

		/* OpenSSL takes the extension's value as it stands, the inner header included. */
		memset(octets + header, 0xa5, sizeof octets - header);
		ASN1_OCTET_STRING_set(nonce, octets, (int) header + nonce_length);
		OCSP_REQUEST_add1_ext_i2d(request, NID_id_pkix_OCSP_Nonce, nonce, 0, 0);
		ASN1_OCTET_STRING_free(nonce);
	}
	length = i2d_OCSP_REQUEST(request, &der);
	bytes = g_bytes_new(der, (gsize) length);
	OPENSSL_free(der);
	X509_free(ca);
	OCSP_REQUEST_free(request);
	return bytes;
}

/* 1: echoed, -1: only in the request, as OCSP_check_nonce() has it. */
static int check_nonce(GBytes *request, GBytes *response)
{
	const guint8 *at = g_bytes_get_data(request, NULL);
	OCSP_REQUEST *asked = d2i_OCSP_REQUEST(NULL, &at, (long) g_bytes_get_size(request));
	const guint8 *response_at = g_bytes_get_data(response, NULL);
	OCSP_RESPONSE *got =
		d2i_OCSP_RESPONSE(NULL, &response_at, (long) g_bytes_get_size(response));
	OCSP_BASICRESP *basic = OCSP_response_get1_basic(got);
	int result = OCSP_check_nonce(asked, basic);

	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(got);
	OCSP_REQUEST_free(asked);
	return result;
}

static void test_nonce_lengths(void)
{
	World world;

	world_init(&world, &(OcspSettings){ 0 });
	set(&world, 0, STATUS_VALID, 0);
	for (int length = 0; length <= 140; length++) {
		g_autoptr(GBytes) request = build_request(&world, 1, length);
		g_auto(OcspAnswer) got = answer(&world, request, world.fixture.now);

		g_test_message("nonce of %d octets", length);
		if (length >= 1 && length <= 128) {
			g_assert_cmpint(got.result, ==, OCSP_SUCCESSFUL);
			g_assert_cmpint(check_nonce(request, got.der), ==, 1);
		} else {
			g_assert_cmpint(got.result, ==, OCSP_MALFORMED_REQUEST);
		}
		g_assert_false(got.is_cacheable);
	}
	world_clear(&world);
}

static void test_nonce_budget(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;

	world_init(&world, &(OcspSettings){ .nonce_budget = 3 });
	set(&world, 0, STATUS_VALID, 0);
	request = build_request(&world, 1, 32);
	for (int i = 0; i < 10; i++) {
		g_auto(OcspAnswer) got = answer(&world, request, world.fixture.now + i / 5);

		g_assert_cmpint(got.result, ==, OCSP_SUCCESSFUL);
		g_assert_cmpint(check_nonce(request, got.der), ==, i % 5 < 3 ? 1 : -1);
		g_assert_false(got.is_cacheable);
	}
	world_clear(&world);
}

static void test_answers_are_kept(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;
	gint64 now;

	world_init(&world, &(OcspSettings){ 0 });
	now = world.fixture.now;
	set(&world, 0, STATUS_VALID, 0);
	request = build_request(&world, 1, -1);
	{
		g_auto(OcspAnswer) first = answer(&world, request, now);
		g_auto(OcspAnswer) second = answer(&world, request, now + 300);
		g_auto(OcspAnswer) third = answer(&world, request, now + 301);
		g_auto(OcspAnswer) before = answer(&world, request, now - 100);

		g_assert_true(first.is_cacheable && second.is_cacheable && third.is_cacheable);
		g_assert_true(g_bytes_equal(first.der, second.der));
		g_assert_cmpstr(first.etag, ==, second.etag);
		g_assert_cmpint(first.max_age, ==, 60);
		g_assert_cmpint(first.this_update, ==, now);
		g_assert_cmpint(first.next_update, ==, now + 600);
		g_assert_false(g_bytes_equal(first.der, third.der));
		g_assert_cmpstr(first.etag, !=, third.etag);
		g_assert_cmpint(before.this_update, ==, now - 100);
	}
	world_clear(&world);
}

static void test_kept_answer_never_outlives_the_status(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;

	world_init(&world, &(OcspSettings){ 0 });
	request = build_request(&world, 1, -1);
	for (int i = 0; i < 4; i++) {
		g_auto(OcspAnswer) good = { 0 };
		g_auto(OcspAnswer) revoked = { 0 };

		set(&world, 0, STATUS_VALID, 0);
		good = answer(&world, request, world.fixture.now);
		set(&world, 0, i & 1 ? STATUS_HOLD : STATUS_REVOKED, CRL_KEY_COMPROMISE);
		revoked = answer(&world, request, world.fixture.now);
		g_assert_cmpstr(good.etag, !=, revoked.etag);
		g_free(fixture_must(&world.fixture,
				    "openssl ocsp -CAfile ca.pem -issuer ca.pem -cert card0.pem "
				    "-respin response.der | grep -q 'card0.pem: revoked'"));
	}
	world_clear(&world);
}

static void test_unknown_is_never_kept(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;
	g_auto(OcspAnswer) got = { 0 };
	gsize before;

	world_init(&world, &(OcspSettings){ 0 });
	before = ocsp_memory(world.ocsp);
	request = build_request(&world, 1, -1);
	got = answer(&world, request, world.fixture.now);
	g_assert_cmpint(got.result, ==, OCSP_SUCCESSFUL);
	g_assert_false(got.is_cacheable);
	g_assert_cmpuint(ocsp_memory(world.ocsp), ==, before);
	g_free(fixture_must(&world.fixture, "! openssl ocsp -CAfile ca.pem -respin response.der "
					    "-resp_text | grep 'Next Update'"));
	world_clear(&world);
}

static void test_memory_is_bounded(void)
{
	World world;

	world_init(&world, &(OcspSettings){ .cache_bytes = 20000 });
	for (int i = 0; i < 100; i++) {
		g_autoptr(GBytes) request = NULL;
		g_auto(OcspAnswer) got = { 0 };

		g_assert_true(der_serial_new(world.serial[0], NULL));
		set(&world, 0, STATUS_VALID, 0);
		request = build_request(&world, 1, -1);
		got = answer(&world, request, world.fixture.now);
		g_assert_true(got.is_cacheable);
		g_assert_cmpuint(ocsp_memory(world.ocsp), <=, 20000);
	}
	g_assert_cmpuint(ocsp_memory(world.ocsp), >, 10000);
	world_clear(&world);
}

static void test_expired_has_archive_cutoff(void)
{
	World world;
	StatusEntry entry = { .issuer = 1, .state = STATUS_REVOKED, .reason = CRL_SUPERSEDED };

	world_init(&world, &(OcspSettings){ 0 });
	memcpy(entry.serial, world.serial[0], DER_SERIAL_SIZE);
	entry.since = world.fixture.now - 1000;
	entry.not_after = world.fixture.now - 1;
	status_index_set(world.index, &entry);
	expect(&world, "-cert card0.pem", "OCSP Archive Cutoff");
	expect(&world, "-cert card0.pem", "card0.pem: revoked\n");
	world_clear(&world);
}

static void test_limits(void)
{
	World world;

	world_init(&world, &(OcspSettings){ 0 });
	set(&world, 0, STATUS_VALID, 0);
	for (int count = 0; count <= 300; count += count < 60 ? 20 : 1) {
		g_autoptr(GBytes) request = build_request(&world, count, -1);
		g_auto(OcspAnswer) got = answer(&world, request, world.fixture.now);

		g_assert_cmpint(got.result, ==,
				count >= 1 && count <= OCSP_REQUEST_CERTIFICATES
					? OCSP_SUCCESSFUL
					: OCSP_MALFORMED_REQUEST);
	}
	world_clear(&world);
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

	world_init(&world, &(OcspSettings){ .nonce_budget = 100 });
	set(&world, 0, STATUS_VALID, 0);
	set(&world, 1, STATUS_REVOKED, CRL_KEY_COMPROMISE);
	seed[0] = build_request(&world, 1, -1);
	seed[1] = build_request(&world, 2, 32);
	seed[2] = build_request(&world, 5, 128);
	seed[3] = ask(&world, "-sha256 -cert card0.pem");
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
	world_clear(&world);
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
		"30810430023000",           /* longer length than needed */
		"300930070201003002300030", /* cut off */
		"3009a003020101300230003000",
	};
	World world;

	world_init(&world, &(OcspSettings){ 0 });
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
	world_clear(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ocsp/states", test_states);
	g_test_add_func("/ocsp/revocation-time", test_revocation_time);
	g_test_add_func("/ocsp/several-certificates", test_several_certificates);
	g_test_add_func("/ocsp/sha256", test_sha256_certid);
	g_test_add_func("/ocsp/not-our-issuer", test_not_our_issuer);
	g_test_add_func("/ocsp/try-later", test_try_later);
	g_test_add_func("/ocsp/nonce-lengths", test_nonce_lengths);
	g_test_add_func("/ocsp/nonce-budget", test_nonce_budget);
	g_test_add_func("/ocsp/answers-are-kept", test_answers_are_kept);
	g_test_add_func("/ocsp/kept-never-outlives", test_kept_answer_never_outlives_the_status);
	g_test_add_func("/ocsp/unknown-is-never-kept", test_unknown_is_never_kept);
	g_test_add_func("/ocsp/memory-is-bounded", test_memory_is_bounded);
	g_test_add_func("/ocsp/archive-cutoff", test_expired_has_archive_cutoff);
	g_test_add_func("/ocsp/limits", test_limits);
	g_test_add_func("/ocsp/garbage", test_garbage);
	g_test_add_func("/ocsp/refused-shapes", test_refused_shapes);
	return g_test_run();
}
