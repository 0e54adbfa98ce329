/* SPDX-License-Identifier: Apache-2.0
 * RFC 6960 section 4 and RFC 5019, requirement by requirement. What openssl can ask and judge is a
 * row of @asked; what it cannot write is built with its library and is a row of @built. The HTTP
 * side of RFC 5019 (sections 5 and 6) is tested on the running daemon. */
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "daemon/ca/crl.h"
#include "tests/ca/ocsp_world.h"

#define ONE  "-no_nonce -cert card0.pem"
#define NONE STATUS_ABSENT

typedef struct Asked {
	const char *section;
	const char *what;
	StatusState state; /* of card 0 */
	int reason;
	const char *arguments;
	OcspResult result;
	const char *says;  /* openssl's words about the answer */
	const char *never; /* and what must not be among them */
} Asked;

/* clang-format off */
static const Asked asked[] = {
	{ "6960 4.1.1", "CertID with SHA-1", STATUS_VALID, 0, "-sha1 " ONE, OCSP_SUCCESSFUL, "Hash Algorithm: sha1", NULL },
	{ "6960 4.1.1", "CertID with SHA-256", STATUS_VALID, 0, "-sha256 " ONE, OCSP_SUCCESSFUL, "Hash Algorithm: sha256", NULL },
	{ "6960 4.1.1", "CertID with an unknown hash names nobody's issuer", STATUS_VALID, 0, "-sha512 " ONE, OCSP_UNAUTHORIZED, "unauthorized (6)", NULL },
	{ "6960 4.1.1", "several certificates, one answer each", STATUS_VALID, 0, ONE " -cert card1.pem", OCSP_SUCCESSFUL, "card1.pem: unknown", NULL },
	{ "6960 4.1.2", "a signature may be ignored", STATUS_VALID, 0, "-signer ocsp.pem -signkey ocsp.pem " ONE, OCSP_SUCCESSFUL, "card0.pem: good", NULL },
	{ "6960 4.2.1", "id-pkix-ocsp-basic", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "Response Type: Basic OCSP Response", NULL },
	{ "6960 4.2.1", "version 1", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "Version: 1 (0x0)", NULL },
	{ "6960 4.2.1", "good", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "Cert Status: good", "Revocation Time" },
	{ "6960 4.2.1", "revoked carries time and reason", STATUS_REVOKED, CRL_KEY_COMPROMISE, ONE, OCSP_SUCCESSFUL, "Revocation Reason: keyCompromise (0x1)", NULL },
	{ "6960 4.2.1", "revoked carries time and reason", STATUS_REVOKED, CRL_AFFILIATION_CHANGED, ONE, OCSP_SUCCESSFUL, "Revocation Reason: affiliationChanged (0x3)", NULL },
	{ "6960 4.2.1", "revoked carries time and reason", STATUS_REVOKED, CRL_SUPERSEDED, ONE, OCSP_SUCCESSFUL, "Revocation Reason: superseded (0x4)", NULL },
	{ "6960 4.2.1", "revoked carries time and reason", STATUS_REVOKED, CRL_CESSATION_OF_OPERATION, ONE, OCSP_SUCCESSFUL, "Revocation Reason: cessationOfOperation (0x5)", NULL },
	{ "6960 4.2.1", "revoked carries time and reason", STATUS_REVOKED, CRL_PRIVILEGE_WITHDRAWN, ONE, OCSP_SUCCESSFUL, "(0x9)", NULL },
	{ "6960 4.2.1", "no reason is written for unspecified", STATUS_REVOKED, CRL_UNSPECIFIED, ONE, OCSP_SUCCESSFUL, "Cert Status: revoked", "Revocation Reason" },
	{ "6960 2.2",   "on hold is revoked, temporarily", STATUS_HOLD, 0, ONE, OCSP_SUCCESSFUL, "Revocation Reason: certificateHold (0x6)", NULL },
	{ "6960 2.2",   "never issued is unknown", NONE, 0, ONE, OCSP_SUCCESSFUL, "Cert Status: unknown", "Next Update" },
	{ "6960 2.2",   "not handed over is unknown", STATUS_PENDING, 0, ONE, OCSP_SUCCESSFUL, "Cert Status: unknown", "Next Update" },
	{ "6960 2.3",   "tryLater while a change is under way", STATUS_CHANGING, 0, ONE, OCSP_TRY_LATER, "trylater (3)", NULL },
	{ "6960 2.3",   "unauthorized for another CA's certificates", STATUS_VALID, 0, "-issuer other-ca.pem " ONE, OCSP_UNAUTHORIZED, "unauthorized (6)", NULL },
	{ "6960 2.4",   "thisUpdate and nextUpdate", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "Next Update: ", NULL },
	{ "6960 4.2.2.2", "delegated signer: ocspSigning by the CA itself", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "OCSP Signing", NULL },
	{ "6960 4.2.2.2.1", "id-pkix-ocsp-nocheck", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "OCSP No Check", NULL },
	{ "6960 4.2.2.3", "byKey: hash of the signer's key", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "Responder Id: ", "Responder Id: CN" },
	{ "6960 4.3",   "signed with ECDSA and SHA-256", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "Signature Algorithm: ecdsa-with-SHA256", NULL },
	{ "6960 4.4.1", "no nonce without one", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "good", "OCSP Nonce" },
	{ "5019 2.2.2", "the signer's certificate is sent along", STATUS_VALID, 0, ONE, OCSP_SUCCESSFUL, "CN=opcard OCSP", NULL },
	{ "5019 2.2.3", "one SingleResponse a CertID", STATUS_VALID, 0, ONE " -cert card1.pem -cert card2.pem", OCSP_SUCCESSFUL, "card2.pem: unknown", NULL },
};
/* clang-format on */

static void set_state(World *world, StatusState state, int reason)
{
	if (state == STATUS_CHANGING) {
		ocsp_world_set(world, 0, STATUS_VALID, 0);
		status_index_mark(world->index, 1, world->serial[0]);
	} else if (state != NONE) {
		ocsp_world_set(world, 0, state, reason);
	}
}

static void test_asked(gconstpointer data)
{
	const Asked *row = data;
	World world;
	g_autoptr(GBytes) request = NULL;
	g_auto(OcspAnswer) got = { 0 };
	g_autofree char *text = NULL;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	set_state(&world, row->state, row->reason);
	request = ocsp_world_ask(&world, row->arguments);
	got = ocsp_world_answer(&world, request, world.fixture.now);
	g_assert_cmpint(got.result, ==, row->result);
	text = fixture_run(&world.fixture, &(int){ 0 },
			   "openssl ocsp -CAfile ca.pem -issuer ca.pem -no_nonce %s -respin "
			   "response.der -resp_text",
			   row->arguments);
	if (row->result == OCSP_SUCCESSFUL)
		fixture_expect(text, "Response verify OK");
	fixture_expect(text, row->says);
	if (row->never != NULL)
		g_assert_null(strstr(text, row->never));
	ocsp_world_clear(&world);
}

/* A request by OpenSSL's library, changed by @change before it is encoded. */
typedef void (*Change)(OCSP_REQUEST *request);
/* Further checks of the answer, or NULL. */
typedef void (*Judge)(World *world, OCSP_BASICRESP *basic, const OcspAnswer *answer);

typedef struct Built {
	const char *section;
	const char *what;
	Change change;
	OcspResult result;
	Judge judge;
} Built;

static void add_extension(OCSP_REQUEST *request, const char *oid, const char *hex, int is_critical)
{
	long length;
	unsigned char *bytes = OPENSSL_hexstr2buf(hex, &length);
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;

	ASN1_OCTET_STRING_set(value, bytes, (int) length);
	extension = X509_EXTENSION_create_by_OBJ(NULL, object, is_critical, value);
	g_assert_cmpint(OCSP_REQUEST_add_ext(request, extension, -1), ==, 1);
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(object);
	OPENSSL_free(bytes);
}

static void nothing(OCSP_REQUEST *request G_GNUC_UNUSED)
{
}

static void unknown_extension(OCSP_REQUEST *request)
{
	add_extension(request, "1.2.3.4", "0500", 0);
}

static void unknown_critical_extension(OCSP_REQUEST *request)
{
	add_extension(request, "1.2.3.4", "0500", 1);
}

static void acceptable_responses(OCSP_REQUEST *request)
{
	add_extension(request, "1.3.6.1.5.5.7.48.1.4", "300b06092b0601050507300101", 0);
}

static void preferred_algorithms(OCSP_REQUEST *request)
{
	add_extension(request, "1.3.6.1.5.5.7.48.1.8", "300e300c300a06082a8648ce3d040302", 0);
}

static void empty_nonce(OCSP_REQUEST *request)
{
	add_extension(request, "1.3.6.1.5.5.7.48.1.2", "0400", 0);
}

static void two_nonces(OCSP_REQUEST *request)
{
	add_extension(request, "1.3.6.1.5.5.7.48.1.2", "0401aa", 0);
	add_extension(request, "1.3.6.1.5.5.7.48.1.2", "0401bb", 0);
}

static void bare_nonce(OCSP_REQUEST *request)
{
	add_extension(request, "1.3.6.1.5.5.7.48.1.2", "aabbccdd", 0);
}

static void short_nonce(OCSP_REQUEST *request)
{
	add_extension(request, "1.3.6.1.5.5.7.48.1.2", "0401aa", 0);
}

static void requestor_name(OCSP_REQUEST *request)
{
	X509_NAME *name = X509_NAME_new();

	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *) "x", -1, -1,
				   0);
	g_assert_cmpint(OCSP_request_set1_name(request, name), ==, 1);
	X509_NAME_free(name);
}

static ASN1_GENERALIZEDTIME *update_times(OCSP_BASICRESP *basic, gint64 at,
					  ASN1_GENERALIZEDTIME **ret_next)
{
	ASN1_GENERALIZEDTIME *this_update;

	OCSP_single_get0_status(OCSP_resp_get0(basic, 0), NULL, NULL, &this_update, ret_next);
	g_assert_cmpint(ASN1_TIME_cmp_time_t(this_update, (time_t) at), ==, 0);
	return this_update;
}

/* producedAt = thisUpdate, nextUpdate by the policy, and both inside the signer's life. */
static void judge_times(World *world, OCSP_BASICRESP *basic, const OcspAnswer *answer)
{
	ASN1_GENERALIZEDTIME *next, *this_update = update_times(basic, world->fixture.now, &next);

	g_assert_cmpint(ASN1_TIME_compare(OCSP_resp_get0_produced_at(basic), this_update), ==, 0);
	g_assert_cmpint(ASN1_TIME_cmp_time_t(next, (time_t) answer->next_update), ==, 0);
	g_assert_cmpint(answer->next_update - answer->this_update, ==, 600);
	g_assert_cmpint(answer->next_update, <=, ocsp_responder_not_after(world->responder));
	/* RFC 5019 4 and 6.2: at second hand an answer is never older than nextUpdate. */
	g_assert_cmpint(answer->max_age, <, answer->next_update - answer->this_update);
}

static void judge_order(World *world, OCSP_BASICRESP *basic, const OcspAnswer *answer)
{
	(void) answer;
	g_assert_cmpint(OCSP_resp_count(basic), ==, OCSP_WORLD_CARDS);
	for (int i = 0; i < OCSP_WORLD_CARDS; i++) {
		ASN1_INTEGER *serial;

		OCSP_id_get0_info(
			NULL, NULL, NULL, &serial,
			(OCSP_CERTID *) OCSP_SINGLERESP_get0_id(OCSP_resp_get0(basic, i)));
		g_assert_cmpint(
			memcmp(ASN1_STRING_get0_data(serial), world->serial[i], DER_SERIAL_SIZE),
			==, 0);
	}
}

static void judge_no_extension(World *world, OCSP_BASICRESP *basic, const OcspAnswer *answer)
{
	(void) world, (void) answer;
	g_assert_cmpint(OCSP_BASICRESP_get_ext_count(basic), ==, 0);
	g_assert_cmpint(OCSP_SINGLERESP_get_ext_count(OCSP_resp_get0(basic, 0)), ==, 0);
}

/* Octet for octet, and nobody may keep the answer. */
static void judge_nonce(World *world, OCSP_BASICRESP *basic, const OcspAnswer *answer)
{
	static const guint8 wanted[] = { 0x04, 0x01, 0xaa };
	int at = OCSP_BASICRESP_get_ext_by_NID(basic, NID_id_pkix_OCSP_Nonce, -1);
	ASN1_OCTET_STRING *value;

	(void) world;
	g_assert_cmpint(at, >=, 0);
	value = X509_EXTENSION_get_data(OCSP_BASICRESP_get_ext(basic, at));
	g_assert_cmpmem(ASN1_STRING_get0_data(value), (gsize) ASN1_STRING_length(value), wanted,
			sizeof wanted);
	g_assert_false(answer->is_cacheable);
}

static void judge_signer(World *world, OCSP_BASICRESP *basic, const OcspAnswer *answer)
{
	const STACK_OF(X509) *sent = OCSP_resp_get0_certs(basic);
	X509 *signer = sk_X509_value(sent, 0);
	const ASN1_OCTET_STRING *by_key;
	const X509_NAME *by_name;

	(void) world, (void) answer;
	g_assert_cmpint(sk_X509_num(sent), ==, 1);
	g_assert_cmpint(X509_get_ext_by_NID(signer, NID_id_pkix_OCSP_noCheck, -1), >=, 0);
	g_assert_cmpuint(X509_get_extended_key_usage(signer), ==, XKU_OCSP_SIGN);
	g_assert_cmpuint(X509_get_key_usage(signer), ==, KU_DIGITAL_SIGNATURE);
	g_assert_cmpint(OCSP_resp_get0_id(basic, &by_key, &by_name), ==, 1);
	g_assert_nonnull(by_key);
	g_assert_null(by_name);
}

static const Built built[] = {
	{ "6960 4.2.2.1", "the times of an answer", nothing, OCSP_SUCCESSFUL, judge_times },
	{ "6960 4.2.2.2", "the signer's certificate", nothing, OCSP_SUCCESSFUL, judge_signer },
	{ "6960 4.2.1", "answers in the order of the questions", nothing, OCSP_SUCCESSFUL,
	  judge_order },
	{ "6960 4.1.1", "a requestor's name changes nothing", requestor_name, OCSP_SUCCESSFUL,
	  judge_no_extension },
	{ "6960 4.4", "an unknown extension is ignored", unknown_extension, OCSP_SUCCESSFUL,
	  judge_no_extension },
	{ "6960 4.4", "an unknown critical extension is refused", unknown_critical_extension,
	  OCSP_MALFORMED_REQUEST, NULL },
	{ "6960 4.4.3", "acceptable response types with basic", acceptable_responses,
	  OCSP_SUCCESSFUL, judge_no_extension },
	{ "6960 4.4.7", "preferred signature algorithms are a wish", preferred_algorithms,
	  OCSP_SUCCESSFUL, judge_no_extension },
	{ "6960 4.4.1", "a nonce is echoed", short_nonce, OCSP_SUCCESSFUL, judge_nonce },
	{ "9654 2.1", "a nonce of no octet", empty_nonce, OCSP_MALFORMED_REQUEST, NULL },
	{ "6960 4.4.1", "a nonce that is no OCTET STRING", bare_nonce, OCSP_MALFORMED_REQUEST,
	  NULL },
	{ "6960 4.4.1", "two nonces", two_nonces, OCSP_MALFORMED_REQUEST, NULL },
};

static void test_built(gconstpointer data)
{
	const Built *row = data;
	World world;
	g_autoptr(GBytes) plain = NULL;
	g_auto(OcspAnswer) got = { 0 };
	const guint8 *at;
	unsigned char *der = NULL;
	OCSP_REQUEST *request;
	int length;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	for (int card = 0; card < OCSP_WORLD_CARDS; card++)
		ocsp_world_set(&world, card, STATUS_VALID, 0);
	plain = ocsp_world_request(&world, row->judge == judge_order ? OCSP_WORLD_CARDS : 1, -1);
	at = g_bytes_get_data(plain, NULL);
	request = d2i_OCSP_REQUEST(NULL, &at, (long) g_bytes_get_size(plain));
	row->change(request);
	length = i2d_OCSP_REQUEST(request, &der);
	ocsp_answer(world.ocsp, der, (gsize) length, world.fixture.now, &got);
	g_assert_cmpint(got.result, ==, row->result);
	if (row->judge != NULL) {
		const guint8 *answer_at = g_bytes_get_data(got.der, NULL);
		OCSP_RESPONSE *response =
			d2i_OCSP_RESPONSE(NULL, &answer_at, (long) g_bytes_get_size(got.der));
		OCSP_BASICRESP *basic = OCSP_response_get1_basic(response);

		g_assert_nonnull(basic);
		row->judge(&world, basic, &got);
		OCSP_BASICRESP_free(basic);
		OCSP_RESPONSE_free(response);
	}
	OPENSSL_free(der);
	OCSP_REQUEST_free(request);
	ocsp_world_clear(&world);
}

typedef struct Raw {
	const char *section;
	const char *what;
	const char *hex;
} Raw;

static const Raw raw[] = {
	{ "6960 2.3", "nothing at all", "" },
	{ "6960 2.3", "no DER", "3080" },
	{ "6960 2.3", "an empty sequence", "3000" },
	{ "6960 4.1.1", "an empty list of requests", "30043002 3000" },
	{ "6960 4.1.1", "version 2", "30093007 a003020101 3000" },
	{ "6960 4.1.1", "something after the request", "30043002300000" },
};

/* Not signed, five octets, malformedRequest (1). */
static void test_raw(gconstpointer data)
{
	static const guint8 wanted[] = { 0x30, 3, 0x0a, 1, 1 };
	const Raw *row = data;
	World world;
	g_auto(OcspAnswer) got = { 0 };
	g_auto(GStrv) parts = g_strsplit(row->hex, " ", -1);
	g_autofree char *hex = g_strjoinv("", parts);
	long length = 0;
	unsigned char *der = *hex != '\0' ? OPENSSL_hexstr2buf(hex, &length) : NULL;

	ocsp_world_init(&world, &(OcspSettings){ 0 });
	ocsp_answer(world.ocsp, der, (gsize) length, world.fixture.now, &got);
	g_assert_cmpmem(g_bytes_get_data(got.der, NULL), g_bytes_get_size(got.der), wanted,
			sizeof wanted);
	g_assert_false(got.is_cacheable);
	OPENSSL_free(der);
	ocsp_world_clear(&world);
}

static void add(const char *section, const char *what, gsize number, gconstpointer row,
		GTestDataFunc test)
{
	g_autofree char *path = g_strdup_printf("/ocsp-conformance/rfc%s/%02u %s", section,
						(unsigned int) number, what);

	g_test_add_data_func(path, row, test);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(asked); i++)
		add(asked[i].section, asked[i].what, i, &asked[i], test_asked);
	for (gsize i = 0; i < G_N_ELEMENTS(built); i++)
		add(built[i].section, built[i].what, i, &built[i], test_built);
	for (gsize i = 0; i < G_N_ELEMENTS(raw); i++)
		add(raw[i].section, raw[i].what, i, &raw[i], test_raw);
	return g_test_run();
}
