/* SPDX-License-Identifier: Apache-2.0
 * The OCSP responder over a year, with OpenSSL as the client: it renews itself in time, and every
 * answer stays good until its own nextUpdate. */
#include <glib/gstdio.h>
#include <openssl/ocsp.h>
#include <string.h>

#include "daemon/ca/ocsp.h"
#include "daemon/op/authority.h"
#include "daemon/op/responder.h"
#include "daemon/store/store_certificate.h"
#include "tests/unit/record_office.h"

#define DAY      86400
#define STEP     (12 * 3600)
#define VALIDITY 600

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OCSP_RESPONSE, OCSP_RESPONSE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OCSP_BASICRESP, OCSP_BASICRESP_free)

static UnitOffice *with_card(void)
{
	UnitOffice *office = unit_office_new();
	const char *const rows[] = { "012345|一般操作者|追加", NULL };
	OcspSettings settings = { .validity = VALIDITY };
	g_autofree char *folder = g_build_filename(office->folder, "state/ca", NULL);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	office->house.ocsp = ocsp_new(office->house.index, &settings);
	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-11-01", rows);
	unit_office_receive(office, "OP000001");
	unit_office_lend(office, "OP000001", "012345", "一般操作者");
	return office;
}

static void end(UnitOffice *office)
{
	g_clear_pointer(&office->house.ocsp, ocsp_free);
	unit_office_free(office);
}

static X509 *root(UnitOffice *office)
{
	GBytes *der = issuer_certificate(office->house.issuer);
	const unsigned char *at = g_bytes_get_data(der, NULL);

	return d2i_X509(NULL, &at, (long) g_bytes_get_size(der));
}

static OCSP_CERTID *card_id(UnitOffice *office)
{
	g_autoptr(X509) ca = root(office);
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, "OP000001", NULL);
	const Certificate *certificate = list->pdata[0];
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	OCSP_CERTID *id;

	ASN1_STRING_set(serial, certificate->serial, CERTIFICATE_SERIAL_BYTES);
	id = OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(ca), X509_get0_pubkey_bitstr(ca),
			      serial);
	ASN1_INTEGER_free(serial);
	return id;
}

static GBytes *ask(UnitOffice *office, OcspResult *ret_result)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	g_auto(OcspAnswer) answer = { 0 };
	unsigned char *der = NULL;
	int length;

	OCSP_request_add0_id(request, card_id(office));
	length = i2d_OCSP_REQUEST(request, &der);
	OCSP_REQUEST_free(request);
	ocsp_answer(office->house.ocsp, der, (gsize) length, office->now, &answer);
	OPENSSL_free(der);
	*ret_result = answer.result;
	return g_bytes_ref(answer.der);
}

static X509_STORE *trust_at(UnitOffice *office, gint64 at)
{
	g_autoptr(X509) ca = root(office);
	X509_STORE *store = X509_STORE_new();

	X509_STORE_add_cert(store, ca);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t) at);
	return store;
}

/* A client at @at believes the answer and reads "good" out of it. */
static gboolean is_believed(UnitOffice *office, GBytes *der, gint64 at)
{
	const unsigned char *bytes = g_bytes_get_data(der, NULL);
	g_autoptr(OCSP_RESPONSE) response =
		d2i_OCSP_RESPONSE(NULL, &bytes, (long) g_bytes_get_size(der));
	g_autoptr(OCSP_BASICRESP) basic = OCSP_response_get1_basic(response);
	OCSP_CERTID *id = card_id(office);
	ASN1_GENERALIZEDTIME *updated, *next;
	X509_STORE *store = trust_at(office, at);
	time_t then = (time_t) at;
	int status = -1;
	gboolean is_good;

	g_assert_nonnull(basic);
	g_assert_cmpint(OCSP_resp_find_status(basic, id, &status, NULL, NULL, &updated, &next), ==,
			1);
	is_good = status == V_OCSP_CERTSTATUS_GOOD &&
		  OCSP_basic_verify(basic, NULL, store, 0) == 1 &&
		  X509_cmp_time(updated, &then) < 0 && X509_cmp_time(next, &then) > 0;
	X509_STORE_free(store);
	OCSP_CERTID_free(id);
	return is_good;
}

/* The public key that signed it, in hexadecimal. */
static char *signed_by(GBytes *der)
{
	const unsigned char *bytes = g_bytes_get_data(der, NULL);
	g_autoptr(OCSP_RESPONSE) response =
		d2i_OCSP_RESPONSE(NULL, &bytes, (long) g_bytes_get_size(der));
	g_autoptr(OCSP_BASICRESP) basic = OCSP_response_get1_basic(response);
	const ASN1_BIT_STRING *key =
		X509_get0_pubkey_bitstr(sk_X509_value(OCSP_resp_get0_certs(basic), 0));
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 0; i < key->length; i++)
		g_string_append_printf(text, "%02x", key->data[i]);
	return g_strdup(text->str);
}

static void renew(UnitOffice *office)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(authority_renew_responder(&office->house, office->now, &error));
	g_assert_no_error(error);
}

/* As the hourly job does it, but only twice a day. The last answer of every key is believed
 * to its end although another key signs by then. */
static void test_year(void)
{
	UnitOffice *office = with_card();
	gint64 until = office->now + 364 * DAY;
	g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GBytes) last = NULL;
	gint64 asked = 0;

	for (; office->now < until; office->now += STEP) {
		OcspResult result;

		renew(office);
		g_assert_cmpint(responder_end(&office->house), >, office->now + 9 * DAY);
		if (last != NULL)
			g_assert_true(is_believed(office, last, asked + VALIDITY - 1));
		g_clear_pointer(&last, g_bytes_unref);
		last = ask(office, &result);
		asked = office->now;
		g_assert_cmpint(result, ==, OCSP_SUCCESSFUL);
		g_assert_true(is_believed(office, last, office->now + 1));
		g_hash_table_add(keys, signed_by(last));
	}
	/* Thirty days each, the last ten of them overlap: every twentieth day. */
	g_assert_cmpuint(g_hash_table_size(keys), >=, 18);
	g_assert_cmpuint(g_hash_table_size(keys), <=, 20);
	end(office);
}

/* The same key goes on while it is not due: nothing is signed anew for nothing. */
static void test_rest(void)
{
	UnitOffice *office = with_card();
	g_autofree char *first = NULL;
	OcspResult result;

	renew(office);
	g_autoptr(GBytes) before = ask(office, &result);
	g_autoptr(GBytes) kept = NULL;

	first = signed_by(before);
	renew(office);
	kept = ask(office, &result);
	g_assert_true(g_bytes_equal(before, kept));
	office->now += 19 * DAY;
	renew(office);
	g_autoptr(GBytes) later = ask(office, &result);
	g_autofree char *second = signed_by(later);

	g_assert_cmpstr(first, ==, second);
	end(office);
}

static void make_unreachable(UnitOffice *office)
{
	g_autoptr(GBytes) certificate = g_bytes_ref(issuer_certificate(office->house.issuer));
	g_autoptr(GError) error = NULL;

	g_clear_pointer(&office->house.issuer, issuer_free);
	office->house.issuer = issuer_load(1, certificate, NULL, &error);
	g_assert_no_error(error);
}

/* The CA key is out of reach when the responder is due: it answers to its last second, and then
 * says "try later" instead of something nobody can believe. */
static void test_unreachable(void)
{
	UnitOffice *office = with_card();
	g_autoptr(GError) error = NULL;
	OcspResult result;

	renew(office);
	make_unreachable(office);
	office->now += 25 * DAY;
	g_assert_false(authority_renew_responder(&office->house, office->now, &error));
	g_assert_nonnull(error);
	g_autoptr(GBytes) answer = ask(office, &result);

	g_assert_cmpint(result, ==, OCSP_SUCCESSFUL);
	g_assert_true(is_believed(office, answer, office->now + 1));
	office->now = responder_end(&office->house) + 1;
	g_autoptr(GBytes) refused = ask(office, &result);

	g_assert_cmpint(result, ==, OCSP_TRY_LATER);
	end(office);
}

/* A responder's file that was damaged is replaced; the daemon does not wait for a person. */
static void test_damaged(void)
{
	UnitOffice *office = with_card();
	g_autofree char *path = g_build_filename(office->folder, "state/ca/ocsp.pem", NULL);
	OcspResult result;

	renew(office);
	g_assert_true(g_file_set_contents(path, "rubbish", -1, NULL));
	renew(office);
	g_autoptr(GBytes) answer = ask(office, &result);

	g_assert_cmpint(result, ==, OCSP_SUCCESSFUL);
	g_assert_true(is_believed(office, answer, office->now + 1));
	end(office);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/responder/year", test_year);
	g_test_add_func("/responder/rest", test_rest);
	g_test_add_func("/responder/unreachable", test_unreachable);
	g_test_add_func("/responder/damaged", test_damaged);
	return g_test_run();
}
