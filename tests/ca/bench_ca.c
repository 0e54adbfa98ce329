/* SPDX-License-Identifier: Apache-2.0
 * Prints what the CA room's work costs here; asserts nothing about time. */
#include <openssl/ocsp.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ca/crl.h"
#include "daemon/ca/ocsp.h"
#include "tests/ca/fixture.h"

#define NOW     1790000000
#define INDEXED 1000000
#define REVOKED 50000
#define ASKED   10000

static Fixture fixture;
static GBytes *requests[ASKED];

static void report(const char *name, gint64 started, gsize count)
{
	gint64 spent = g_get_monotonic_time() - started;

	g_print("# %-14s %10.3f us each, %.1f ms for %zu\n", name, (double) spent / (double) count,
		(double) spent / 1000, count);
}

static int compare(const void *a, const void *b)
{
	return memcmp(((const StatusEntry *) a)->serial, ((const StatusEntry *) b)->serial,
		      DER_SERIAL_SIZE);
}

static StatusEntry *make_entries(void)
{
	StatusEntry *entries = g_new0(StatusEntry, INDEXED);

	for (gsize i = 0; i < INDEXED; i++) {
		g_assert_true(der_serial_new(entries[i].serial, NULL));
		entries[i].issuer = 1;
		entries[i].state = STATUS_VALID;
		entries[i].not_after = NOW * 2L;
	}
	qsort(entries, INDEXED, sizeof *entries, compare);
	return entries;
}

static void bench_crl(const StatusEntry *entries)
{
	g_autoptr(CrlBody) body = crl_new();
	CrlRequest request = { fixture.issuer, 1, NOW, NOW + 86400 };
	gint64 started = g_get_monotonic_time();

	for (gsize i = 0; i < REVOKED; i++) {
		CrlEntry entry = { .revoked_at = NOW, .reason = CRL_SUPERSEDED };

		memcpy(entry.serial, entries[i].serial, DER_SERIAL_SIZE);
		g_assert_true(crl_put(body, &entry, NULL));
	}
	report("crl-put", started, REVOKED);
	started = g_get_monotonic_time();
	for (int i = 0; i < 20; i++)
		g_bytes_unref(crl_build(body, &request, NULL));
	report("crl-build-50000", started, 20);
}

static void bench_index(StatusIndex *index, const StatusEntry *entries)
{
	gint64 started = g_get_monotonic_time();
	gsize step = 7919;

	status_index_load_begin(index, INDEXED);
	for (gsize i = 0; i < INDEXED; i++)
		g_assert_true(status_index_load_add(index, &entries[i], NULL));
	status_index_load_finish(index);
	report("index-load", started, INDEXED);
	started = g_get_monotonic_time();
	for (gsize i = 0; i < INDEXED; i++)
		if (status_index_lookup(index, 1, entries[i * step % INDEXED].serial, NULL) !=
		    STATUS_VALID)
			abort();
	report("index-lookup", started, INDEXED);
	g_print("# index-memory   %10.1f bytes each\n",
		(double) status_index_memory(index) / INDEXED);
}

static void make_requests(const StatusEntry *entries)
{
	const guint8 *at = g_bytes_get_data(issuer_certificate(fixture.issuer), NULL);
	X509 *ca = d2i_X509(NULL, &at, (long) g_bytes_get_size(issuer_certificate(fixture.issuer)));

	for (gsize i = 0; i < ASKED; i++) {
		OCSP_REQUEST *request = OCSP_REQUEST_new();
		ASN1_INTEGER *serial = ASN1_INTEGER_new();
		unsigned char *der = NULL;
		int length;

		ASN1_STRING_set(serial, entries[i * 97].serial, DER_SERIAL_SIZE);
		OCSP_request_add0_id(request,
				     OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(ca),
						      X509_get0_pubkey_bitstr(ca), serial));
		length = i2d_OCSP_REQUEST(request, &der);
		requests[i] = g_bytes_new(der, (gsize) length);
		OPENSSL_free(der);
		ASN1_INTEGER_free(serial);
		OCSP_REQUEST_free(request);
	}
	X509_free(ca);
}

static void ask_all(Ocsp *ocsp, const char *name)
{
	gint64 started = g_get_monotonic_time();

	for (gsize i = 0; i < ASKED; i++) {
		g_auto(OcspAnswer) got = { 0 };

		ocsp_answer(ocsp, g_bytes_get_data(requests[i], NULL),
			    g_bytes_get_size(requests[i]), NOW, &got);
		if (got.result != OCSP_SUCCESSFUL)
			abort();
	}
	report(name, started, ASKED);
}

static void bench_signature(OcspResponder *responder)
{
	gint64 started = g_get_monotonic_time();

	for (int i = 0; i < 2000; i++) {
		g_autoptr(GBytes) signature = NULL;

		g_assert_true(
			sign_bytes(ocsp_responder_signer(responder), "x", 1, &signature, NULL));
	}
	report("signature", started, 2000);
}

int main(void)
{
	g_autofree StatusEntry *entries = make_entries();
	g_autoptr(StatusIndex) index = status_index_new();
	g_autoptr(Ocsp) ocsp = ocsp_new(index, &(OcspSettings){ 0 });
	g_autoptr(OcspResponder) responder = NULL;

	fixture_init(&fixture, KEY_EC_P256, NOW);
	responder = ocsp_responder_create(fixture.issuer, fixture_path(&fixture, "ocsp.pem"), NOW,
					  NULL);
	ocsp_set_responder(ocsp, responder);
	bench_crl(entries);
	bench_index(index, entries);
	make_requests(entries);
	bench_signature(responder);
	ask_all(ocsp, "ocsp-fresh");
	ask_all(ocsp, "ocsp-kept");
	ask_all(ocsp, "ocsp-kept");
	for (gsize i = 0; i < ASKED; i++)
		g_bytes_unref(requests[i]);
	fixture_clear(&fixture);
	return 0;
}
