/* SPDX-License-Identifier: Apache-2.0
 * Certificates as openssl sees them, and the promise that what is signed is what was recorded. */
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/name.h"
#include "daemon/ca/ocsp_responder.h"
#include "tests/ca/fixture.h"

#define NOW 1790000000 /* 2026-09-21 14:13:20 UTC */
#define DAY (24 * 60 * 60)

static void check_chain(KeyKind kind)
{
	Fixture fixture;
	guint8 serial[DER_SERIAL_SIZE];
	g_autoptr(GBytes) certificate = NULL;
	g_autofree char *text = NULL;

	fixture_init(&fixture, kind, NOW);
	certificate = fixture_card(&fixture, "OP000123", serial);
	fixture_write_pem(&fixture, "card.pem", "CERTIFICATE", certificate);
	g_free(fixture_must(&fixture,
			    "openssl verify -x509_strict -check_ss_sig -purpose sslclient "
			    "-attime %d -CAfile ca.pem card.pem",
			    NOW + 1));
	text = fixture_run(&fixture, &(int){ 0 },
			   "openssl verify -purpose sslserver -attime %d -CAfile ca.pem card.pem",
			   NOW + 1);
	fixture_expect(text, "unsuitable certificate purpose");
	fixture_clear(&fixture);
}

static void test_chain_verifies(void)
{
	for (KeyKind kind = 0; kind < _KEY_KIND_MAX; kind++)
		check_chain(kind);
}

static void test_card_fields(void)
{
	static const char *const wanted[] = {
		"Version: 3 (0x2)",
		"Issuer: C = JP, O = 鳥取県, CN = 操作者認証局",
		"Subject: serialNumber = 7Q3K9XAB, CN = OP000123\n",
		"Not Before: Sep 21 14:13:20 2026 GMT",
		"Not After : Sep 21 14:13:19 2031 GMT",
		"X509v3 Key Usage: critical\n                Digital Signature\n",
		"X509v3 Extended Key Usage: \n                TLS Web Client Authentication\n",
		"OCSP - URI:http://127.0.0.1:8889/ocsp\n",
		"URI:http://127.0.0.1:8889/crl/1.crl\n",
		"X509v3 Subject Key Identifier",
		"X509v3 Authority Key Identifier",
		"Signature Algorithm: ecdsa-with-SHA256",
	};
	Fixture fixture;
	guint8 serial[DER_SERIAL_SIZE];
	g_autoptr(GBytes) certificate = NULL;
	g_autofree char *text = NULL;
	g_autofree char *serial_text = NULL;
	g_autofree char *serial_line = NULL;

	fixture_init(&fixture, KEY_EC_P256, NOW);
	certificate = fixture_card(&fixture, "OP000123", serial);
	fixture_write_pem(&fixture, "card.pem", "CERTIFICATE", certificate);
	text = fixture_must(&fixture, "openssl x509 -in card.pem -noout -text -serial -nameopt "
				      "utf8,sep_comma_plus_space,space_eq");
	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
		fixture_expect(text, wanted[i]);
	serial_text = der_serial_text(serial);
	serial_line = g_strdup_printf("serial=%s\n", serial_text);
	fixture_expect(text, serial_line);
	g_assert_null(strstr(text, "CA:TRUE"));
	fixture_clear(&fixture);
}

static void test_root_and_responder_fields(void)
{
	Fixture fixture;
	GError *error = NULL;
	g_autoptr(OcspResponder) responder = NULL;
	g_autofree char *root = NULL;
	g_autofree char *text = NULL;

	fixture_init(&fixture, KEY_RSA_2048, NOW);
	root = fixture_must(&fixture, "openssl x509 -in ca.pem -noout -text");
	fixture_expect(root, "CA:TRUE, pathlen:0");
	fixture_expect(root,
		       "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign");
	fixture_expect(root, "Signature Algorithm: sha256WithRSAEncryption");
	responder = ocsp_responder_create(fixture.issuer, fixture_path(&fixture, "ocsp.pem"), NOW,
					  &error);
	g_assert_no_error(error);
	text = fixture_must(&fixture, "openssl x509 -in ocsp.pem -noout -text");
	fixture_expect(text, "OCSP Signing");
	fixture_expect(text, "OCSP No Check");
	fixture_expect(text, "Public-Key: (256 bit)");
	g_assert_cmpint(ocsp_responder_not_after(responder), ==, NOW - 300 + 30 * DAY - 1);
	g_free(fixture_must(&fixture,
			    "openssl verify -x509_strict -purpose ocsphelper -attime %d -CAfile "
			    "ca.pem ocsp.pem",
			    NOW));
	fixture_clear(&fixture);
}

typedef struct Prepared {
	Fixture fixture;
	guint8 serial[DER_SERIAL_SIZE];
	GBytes *name;
	GBytes *spki;
	IssuerRequest request;
} Prepared;

static void prepare(Prepared *prepared)
{
	GError *error = NULL;
	g_autoptr(Key) key = key_generate(KEY_RSA_2048, &error);

	fixture_init(&prepared->fixture, KEY_EC_P256, NOW);
	g_assert_true(der_serial_new(prepared->serial, &error));
	prepared->name = name_card("OP000123", "7Q3K9XAB", &error);
	prepared->spki = key_spki(key, &error);
	prepared->request = (IssuerRequest){
		.profile = PROFILE_CARD,
		.serial = prepared->serial,
		.subject_name = prepared->name,
		.spki = prepared->spki,
		.not_before = NOW,
	};
	g_assert_no_error(error);
}

static void prepared_clear(Prepared *prepared)
{
	g_bytes_unref(prepared->name);
	g_bytes_unref(prepared->spki);
	fixture_clear(&prepared->fixture);
}

static void test_signed_is_what_was_recorded(void)
{
	Prepared prepared;
	GError *error = NULL;
	gint64 not_after = 0;
	g_autoptr(GBytes) tbs = NULL;
	g_autoptr(GBytes) again = NULL;
	g_autoptr(GBytes) certificate = NULL;
	g_auto(DerFacts) facts = { 0 };

	prepare(&prepared);
	tbs = issuer_prepare(prepared.fixture.issuer, &prepared.request, &not_after, &error);
	g_assert_no_error(error);
	again = issuer_prepare(prepared.fixture.issuer, &prepared.request, NULL, &error);
	g_assert_true(g_bytes_equal(tbs, again));
	certificate = issuer_sign(prepared.fixture.issuer, tbs, &error);
	g_assert_no_error(error);
	g_assert_true(der_read(certificate, &facts, &error));
	g_assert_true(g_bytes_equal(facts.tbs, tbs));
	g_assert_true(g_bytes_equal(facts.spki, prepared.spki));
	g_assert_true(g_bytes_equal(facts.subject_name, prepared.name));
	g_assert_cmpmem(facts.serial, DER_SERIAL_SIZE, prepared.serial, DER_SERIAL_SIZE);
	g_assert_cmpint(facts.not_before, ==, NOW);
	g_assert_cmpint(facts.not_after, ==, not_after);
	prepared_clear(&prepared);
}

static void test_foreign_signature_is_refused(void)
{
	Prepared prepared;
	GError *error = NULL;
	g_autoptr(Key) other_key = key_generate(KEY_EC_P256, &error);
	g_autoptr(Signer) other = sign_new(other_key, &error);
	g_autoptr(GBytes) tbs = NULL;
	g_autoptr(GBytes) signature = NULL;

	prepare(&prepared);
	tbs = issuer_prepare(prepared.fixture.issuer, &prepared.request, NULL, &error);
	g_assert_true(sign_bytes(other, g_bytes_get_data(tbs, NULL), g_bytes_get_size(tbs),
				 &signature, &error));
	g_assert_null(der_assemble(tbs, sign_algorithm(other), signature,
				   issuer_spki(prepared.fixture.issuer), &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
	prepared_clear(&prepared);
}

/* Record before sign only helps if a damaged record is not signed into something else. */
static void test_bytes_that_are_no_certificate_are_refused(void)
{
	Prepared prepared;
	GError *error = NULL;
	g_autoptr(GBytes) tbs = NULL;
	guint8 *copy;
	gsize length;

	prepare(&prepared);
	tbs = issuer_prepare(prepared.fixture.issuer, &prepared.request, NULL, &error);
	copy = g_memdup2(g_bytes_get_data(tbs, &length), g_bytes_get_size(tbs));
	for (gsize i = 0; i < 12; i++) {
		g_autoptr(GBytes) damaged = NULL;
		GBytes *certificate;

		copy[i] ^= 0x11;
		damaged = g_bytes_new(copy, length);
		copy[i] ^= 0x11;
		certificate = issuer_sign(prepared.fixture.issuer, damaged, &error);
		if (certificate != NULL) {
			g_auto(DerFacts) facts = { 0 };

			/* Damage inside a value still is a certificate: then exactly that one. */
			g_assert_cmpuint(i, >=, 8);
			if (der_read(certificate, &facts, NULL))
				g_assert_true(g_bytes_equal(facts.tbs, damaged));
			g_bytes_unref(certificate);
		}
		g_clear_error(&error);
	}
	g_free(copy);
	prepared_clear(&prepared);
}

/* A length longer than needed: read gladly, but others may write and hash it anew. */
static void test_bytes_that_are_no_der_are_refused(void)
{
	Prepared prepared;
	GError *error = NULL;
	g_autoptr(GBytes) tbs = NULL;
	g_autoptr(GBytes) other = NULL;
	const guint8 *bytes;
	guint8 *copy;
	gsize length;

	prepare(&prepared);
	tbs = issuer_prepare(prepared.fixture.issuer, &prepared.request, NULL, &error);
	bytes = g_bytes_get_data(tbs, &length);
	g_assert_cmpmem(bytes, 2, "\x30\x82", 2);
	copy = g_malloc(length + 1);
	memcpy(copy, "\x30\x83\x00", 3);
	memcpy(copy + 3, bytes + 2, length - 2);
	other = g_bytes_new_take(copy, length + 1);
	g_assert_null(issuer_sign(prepared.fixture.issuer, other, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
	prepared_clear(&prepared);
}

static void test_ends_with_its_issuer(void)
{
	Prepared prepared;
	GError *error = NULL;
	gint64 end, not_after = 0;

	prepare(&prepared);
	end = issuer_not_after(prepared.fixture.issuer);
	prepared.request.not_before = end - 100;
	g_bytes_unref(
		issuer_prepare(prepared.fixture.issuer, &prepared.request, &not_after, &error));
	g_assert_cmpint(not_after, ==, end);
	prepared.request.not_before = end;
	g_assert_null(issuer_prepare(prepared.fixture.issuer, &prepared.request, NULL, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
	prepared.request.not_before = NOW - 2 * DAY;
	g_assert_null(issuer_prepare(prepared.fixture.issuer, &prepared.request, NULL, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
	prepared.request.not_before = NOW;
	prepared.request.days = 1;
	g_bytes_unref(
		issuer_prepare(prepared.fixture.issuer, &prepared.request, &not_after, &error));
	g_assert_cmpint(not_after, ==, NOW + DAY - 1);
	prepared_clear(&prepared);
}

static void test_times_after_2050(void)
{
	GError *error = NULL;
	Fixture fixture;
	guint8 serial[DER_SERIAL_SIZE];
	g_autoptr(GBytes) certificate = NULL;
	g_autofree char *text = NULL;

	fixture_init(&fixture, KEY_EC_P256, 2400000000); /* 2046 */
	certificate = fixture_card(&fixture, "OP1", serial);
	fixture_write_pem(&fixture, "card.pem", "CERTIFICATE", certificate);
	text = fixture_must(&fixture, "openssl asn1parse -in card.pem | grep TIME");
	fixture_expect(text, "UTCTIME           :460119");
	fixture_expect(text, "GENERALIZEDTIME   :20510119");
	g_free(fixture_must(
		&fixture,
		"openssl verify -x509_strict -attime 2530000000 -CAfile ca.pem card.pem"));
	fixture_clear(&fixture);
	g_assert_no_error(error);
}

static void test_serials(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint8 serial[DER_SERIAL_SIZE], parsed[DER_SERIAL_SIZE];

	for (int i = 0; i < 1000; i++) {
		g_autofree char *text = NULL;

		g_assert_true(der_serial_new(serial, NULL));
		g_assert_cmpint(serial[0] & 0xc0, ==, 0x40);
		text = der_serial_text(serial);
		g_assert_true(der_serial_parse(text, parsed, NULL));
		g_assert_cmpmem(serial, sizeof serial, parsed, sizeof parsed);
		g_assert_true(g_hash_table_add(seen, g_steal_pointer(&text)));
	}
	g_assert_false(der_serial_parse("40", parsed, NULL));
	g_assert_false(der_serial_parse("00000000000000000000000000000001", parsed, NULL));
	g_assert_false(der_serial_parse("4000000000000000000000000000000g", parsed, NULL));
}

static void test_names(void)
{
	static const char *const bad[] = { "",        "CN",     "CN=",    "C=JPN",  "X=1",
					   "CN=a\nb", "C=ｊｐ", "CN=a,,", "CN=\xff" };
	GError *error = NULL;
	g_autoptr(GBytes) name = name_parse("CN=a\\,b , O = c", &error);
	static const guint8 wanted[] = { 0x30, 26,   0x31, 12,  0x30, 10,   6,    3,  0x55, 4,
					 3,    0x0c, 3,    'a', ',',  'b',  0x31, 10, 0x30, 8,
					 6,    3,    0x55, 4,   10,   0x0c, 1,    'c' };

	g_assert_no_error(error);
	g_assert_cmpmem(g_bytes_get_data(name, NULL), g_bytes_get_size(name), wanted,
			sizeof wanted);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_assert_null(name_parse(bad[i], &error));
		g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
		g_clear_error(&error);
	}
	g_assert_null(name_card("鳥取太郎", "1", &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_clear_error(&error);
	g_assert_null(name_card("OP1", "", &error));
	g_clear_error(&error);
}

static void test_key_and_certificate_must_fit(void)
{
	Fixture fixture;
	GError *error = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P256, &error);
	g_autoptr(Signer) other = sign_new(key, &error);
	g_autoptr(Issuer) silent = NULL;
	Prepared prepared;

	fixture_init(&fixture, KEY_EC_P256, NOW);
	g_assert_null(issuer_load(2, issuer_certificate(fixture.issuer), other, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
	silent = issuer_load(2, issuer_certificate(fixture.issuer), NULL, &error);
	g_assert_no_error(error);
	prepare(&prepared);
	g_assert_null(issuer_prepare(silent, &prepared.request, NULL, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	fixture_expect(error->message, "cannot be reached");
	g_clear_error(&error);
	prepared_clear(&prepared);
	fixture_clear(&fixture);
}

static void test_responder_is_renewed_in_time(void)
{
	Fixture fixture, other;
	GError *error = NULL;
	g_autoptr(OcspResponder) first = NULL;
	g_autoptr(OcspResponder) loaded = NULL;
	gint64 end;

	fixture_init(&fixture, KEY_EC_P256, NOW);
	first = ocsp_responder_create(fixture.issuer, fixture_path(&fixture, "ocsp.pem"), NOW,
				      &error);
	end = ocsp_responder_not_after(first);
	g_assert_false(ocsp_responder_is_due(first, NOW));
	g_assert_false(ocsp_responder_is_due(first, end - 10 * DAY - 1));
	g_assert_true(ocsp_responder_is_due(first, end - 10 * DAY));
	g_assert_true(ocsp_responder_is_due(first, NOW - DAY));
	g_assert_true(ocsp_responder_is_usable(first, end));
	g_assert_false(ocsp_responder_is_usable(first, end + 1));
	loaded = ocsp_responder_load(fixture.issuer, fixture_path(&fixture, "ocsp.pem"), &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(ocsp_responder_certificate(first),
				    ocsp_responder_certificate(loaded)));
	g_clear_pointer(&first, ocsp_responder_free);
	first = ocsp_responder_create(fixture.issuer, fixture_path(&fixture, "ocsp.pem"),
				      NOW + 20 * DAY, &error);
	g_assert_no_error(error);
	g_assert_cmpint(ocsp_responder_not_after(first), ==, end + 20 * DAY);
	g_free(fixture_must(&fixture, "test $(stat -c %%a ocsp.pem) = 600 && test ! -e "
				      "ocsp.pem.new"));
	g_free(fixture_must(&fixture,
			    "(umask 077; (openssl genpkey -algorithm EC -pkeyopt "
			    "ec_paramgen_curve:P-256 2>/dev/null; cat ocsp.pem) > mixed.pem)"));
	g_assert_null(
		ocsp_responder_load(fixture.issuer, fixture_path(&fixture, "mixed.pem"), &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	fixture_expect(error->message, "has another key");
	g_clear_error(&error);
	fixture_init(&other, KEY_EC_P256, NOW);
	g_assert_null(
		ocsp_responder_load(other.issuer, fixture_path(&fixture, "ocsp.pem"), &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
	fixture_clear(&other);
	fixture_clear(&fixture);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/certificate/chain-verifies", test_chain_verifies);
	g_test_add_func("/certificate/card-fields", test_card_fields);
	g_test_add_func("/certificate/root-and-responder", test_root_and_responder_fields);
	g_test_add_func("/certificate/signed-is-recorded", test_signed_is_what_was_recorded);
	g_test_add_func("/certificate/foreign-signature", test_foreign_signature_is_refused);
	g_test_add_func("/certificate/damaged-record",
			test_bytes_that_are_no_certificate_are_refused);
	g_test_add_func("/certificate/no-der", test_bytes_that_are_no_der_are_refused);
	g_test_add_func("/certificate/ends-with-issuer", test_ends_with_its_issuer);
	g_test_add_func("/certificate/after-2050", test_times_after_2050);
	g_test_add_func("/certificate/serials", test_serials);
	g_test_add_func("/certificate/names", test_names);
	g_test_add_func("/certificate/key-must-fit", test_key_and_certificate_must_fit);
	g_test_add_func("/certificate/responder-renewed", test_responder_is_renewed_in_time);
	return g_test_run();
}
