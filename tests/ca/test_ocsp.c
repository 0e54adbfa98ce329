/* SPDX-License-Identifier: Apache-2.0
 * OCSP with `openssl ocsp` as the client: it writes the requests and judges the answers. */
#include <openssl/ocsp.h>
#include <string.h>

#include "daemon/ca/crl.h"
#include "tests/ca/ocsp_world.h"

/* What openssl says to our answer to its own request. Given a nonce here it would make a new one
 * to compare with, so nonces are compared by check_nonce(). */
static char *converse(World *world, const char *arguments, OcspAnswer *ret_answer)
{
	g_autoptr(GBytes) request = ocsp_world_ask(world, arguments);

	*ret_answer = ocsp_world_answer(world, request, world->fixture.now);
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

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	expect(&world, "-cert card0.pem", "card0.pem: unknown\n");
	ocsp_world_set(&world, 0, STATUS_PENDING, 0);
	expect(&world, "-cert card0.pem", "card0.pem: unknown\n");
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	expect(&world, "-cert card0.pem", "card0.pem: good\n");
	expect(&world, "-no_nonce -cert card0.pem", "card0.pem: good\n");
	ocsp_world_set(&world, 0, STATUS_HOLD, 0);
	expect(&world, "-no_nonce -cert card0.pem", "Reason: certificateHold\n");
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	expect(&world, "-no_nonce -cert card0.pem", "card0.pem: good\n");
	ocsp_world_set(&world, 0, STATUS_REVOKED, CRL_KEY_COMPROMISE);
	expect(&world, "-no_nonce -cert card0.pem", "Reason: keyCompromise\n");
	expect(&world, "-cert card0.pem", "card0.pem: revoked\n");
	ocsp_world_set(&world, 0, STATUS_REVOKED, CRL_UNSPECIFIED);
	expect(&world, "-cert card0.pem", "card0.pem: revoked\n");
	ocsp_world_clear(&world);
}

static void test_revocation_time(void)
{
	World world;
	g_autoptr(GDateTime) since = NULL;
	g_autofree char *line = NULL;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	ocsp_world_set(&world, 0, STATUS_REVOKED, CRL_SUPERSEDED);
	since = g_date_time_new_from_unix_utc(world.fixture.now - 1000);
	line = g_date_time_format(since, "Revocation Time: %b %e %H:%M:%S %Y GMT\n");
	expect(&world, "-cert card0.pem", line);
	expect(&world, "-cert card0.pem", "Revocation Reason: superseded (0x4)\n");
	ocsp_world_clear(&world);
}

static void test_several_certificates(void)
{
	World world;
	g_auto(OcspAnswer) got = { 0 };
	g_autofree char *text = NULL;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	ocsp_world_set(&world, 1, STATUS_REVOKED, CRL_AFFILIATION_CHANGED);
	text = converse(&world, "-no_nonce -cert card0.pem -cert card1.pem -cert card2.pem", &got);
	fixture_expect(text, "Response verify OK");
	fixture_expect(text, "card0.pem: good\n");
	fixture_expect(text, "card1.pem: revoked\n");
	fixture_expect(text, "card2.pem: unknown\n");
	g_assert_false(got.is_cacheable);
	ocsp_world_clear(&world);
}

static void test_sha256_certid(void)
{
	World world;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	expect(&world, "-sha256 -cert card0.pem", "Hash Algorithm: sha256\n");
	expect(&world, "-sha256 -no_nonce -cert card0.pem", "card0.pem: good\n");
	expect(&world, "-sha1 -no_nonce -cert card0.pem", "Hash Algorithm: sha1\n");
	ocsp_world_clear(&world);
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

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	expect_result(&world, "-issuer other-ca.pem -cert card0.pem", OCSP_UNAUTHORIZED,
		      "unauthorized (6)");
	expect_result(&world, "-sha384 -cert card0.pem", OCSP_UNAUTHORIZED, "unauthorized (6)");
	/* openssl trusts no delegated signer with two CAs in one answer, so it only reads this one.
	 */
	text = converse(&world, "-noverify -cert card0.pem -issuer other-ca.pem -cert card1.pem",
			&got);
	fixture_expect(text, "Cert Status: good");
	fixture_expect(text, "Cert Status: unknown");
	ocsp_world_clear(&world);
}

static void test_try_later(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;
	g_auto(OcspAnswer) late = { 0 };

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	ocsp_world_set(&world, 1, STATUS_VALID, 0);
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
	request = ocsp_world_ask(&world, "-no_nonce -cert card0.pem");
	late = ocsp_world_answer(&world, request, ocsp_responder_not_after(world.responder) + 1);
	g_assert_cmpint(late.result, ==, OCSP_TRY_LATER);
	ocsp_set_issuer(world.ocsp, world.fixture.issuer);
	expect_result(&world, "-no_nonce -cert card0.pem", OCSP_TRY_LATER, "trylater (3)");
	ocsp_set_responder(world.ocsp, world.responder);
	expect(&world, "-no_nonce -cert card0.pem", "card0.pem: good\n");
	ocsp_world_clear(&world);
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

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	for (int length = 0; length <= 140; length++) {
		g_autoptr(GBytes) request = ocsp_world_request(&world, 1, length);
		g_auto(OcspAnswer) got = ocsp_world_answer(&world, request, world.fixture.now);

		g_test_message("nonce of %d octets", length);
		if (length >= 1 && length <= 128) {
			g_assert_cmpint(got.result, ==, OCSP_SUCCESSFUL);
			g_assert_cmpint(check_nonce(request, got.der), ==, 1);
		} else {
			g_assert_cmpint(got.result, ==, OCSP_MALFORMED_REQUEST);
		}
		g_assert_false(got.is_cacheable);
	}
	ocsp_world_clear(&world);
}

static void test_nonce_budget(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;

	ocsp_world_init(&world, &(OcspSettings){ .nonce_budget = 3 });
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	request = ocsp_world_request(&world, 1, 32);
	for (int i = 0; i < 10; i++) {
		g_auto(OcspAnswer) got =
			ocsp_world_answer(&world, request, world.fixture.now + i / 5);

		g_assert_cmpint(got.result, ==, OCSP_SUCCESSFUL);
		g_assert_cmpint(check_nonce(request, got.der), ==, i % 5 < 3 ? 1 : -1);
		g_assert_false(got.is_cacheable);
	}
	ocsp_world_clear(&world);
}

static void test_answers_are_kept(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;
	gint64 now;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	now = world.fixture.now;
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	request = ocsp_world_request(&world, 1, -1);
	{
		g_auto(OcspAnswer) first = ocsp_world_answer(&world, request, now);
		g_auto(OcspAnswer) second = ocsp_world_answer(&world, request, now + 300);
		g_auto(OcspAnswer) third = ocsp_world_answer(&world, request, now + 301);
		g_auto(OcspAnswer) before = ocsp_world_answer(&world, request, now - 100);

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
	ocsp_world_clear(&world);
}

static void test_kept_answer_never_outlives_the_status(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	request = ocsp_world_request(&world, 1, -1);
	for (int i = 0; i < 4; i++) {
		g_auto(OcspAnswer) good = { 0 };
		g_auto(OcspAnswer) revoked = { 0 };

		ocsp_world_set(&world, 0, STATUS_VALID, 0);
		good = ocsp_world_answer(&world, request, world.fixture.now);
		ocsp_world_set(&world, 0, i & 1 ? STATUS_HOLD : STATUS_REVOKED, CRL_KEY_COMPROMISE);
		revoked = ocsp_world_answer(&world, request, world.fixture.now);
		g_assert_cmpstr(good.etag, !=, revoked.etag);
		g_free(fixture_must(&world.fixture,
				    "openssl ocsp -CAfile ca.pem -issuer ca.pem -cert card0.pem "
				    "-respin response.der | grep -q 'card0.pem: revoked'"));
	}
	ocsp_world_clear(&world);
}

static void test_unknown_is_never_kept(void)
{
	World world;
	g_autoptr(GBytes) request = NULL;
	g_auto(OcspAnswer) got = { 0 };
	gsize before;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	before = ocsp_memory(world.ocsp);
	request = ocsp_world_request(&world, 1, -1);
	got = ocsp_world_answer(&world, request, world.fixture.now);
	g_assert_cmpint(got.result, ==, OCSP_SUCCESSFUL);
	g_assert_false(got.is_cacheable);
	g_assert_cmpuint(ocsp_memory(world.ocsp), ==, before);
	g_free(fixture_must(&world.fixture, "! openssl ocsp -CAfile ca.pem -respin response.der "
					    "-resp_text | grep 'Next Update'"));
	ocsp_world_clear(&world);
}

static void test_memory_is_bounded(void)
{
	World world;

	ocsp_world_init(&world, &(OcspSettings){ .cache_bytes = 20000 });
	for (int i = 0; i < 100; i++) {
		g_autoptr(GBytes) request = NULL;
		g_auto(OcspAnswer) got = { 0 };

		g_assert_true(der_serial_new(world.serial[0], NULL));
		ocsp_world_set(&world, 0, STATUS_VALID, 0);
		request = ocsp_world_request(&world, 1, -1);
		got = ocsp_world_answer(&world, request, world.fixture.now);
		g_assert_true(got.is_cacheable);
		g_assert_cmpuint(ocsp_memory(world.ocsp), <=, 20000);
	}
	g_assert_cmpuint(ocsp_memory(world.ocsp), >, 10000);
	ocsp_world_clear(&world);
}

static void test_expired_has_archive_cutoff(void)
{
	World world;
	StatusEntry entry = { .issuer = 1, .state = STATUS_REVOKED, .reason = CRL_SUPERSEDED };

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	memcpy(entry.serial, world.serial[0], DER_SERIAL_SIZE);
	entry.since = world.fixture.now - 1000;
	entry.not_after = world.fixture.now - 1;
	status_index_set(world.index, &entry);
	expect(&world, "-cert card0.pem", "OCSP Archive Cutoff");
	expect(&world, "-cert card0.pem", "card0.pem: revoked\n");
	ocsp_world_clear(&world);
}

static void test_signed_request_with_name(void)
{
	World world;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	ocsp_world_set(&world, 0, STATUS_VALID, 0);
	expect(&world, "-signer ocsp.pem -signkey ocsp.pem -cert card0.pem", "card0.pem: good\n");
	ocsp_world_clear(&world);
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
	g_test_add_func("/ocsp/signed-request", test_signed_request_with_name);
	return g_test_run();
}
