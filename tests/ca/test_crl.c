/* SPDX-License-Identifier: Apache-2.0
 * CRLs as openssl reads them, and the body against a plain model. */
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/crl_read.h"
#include "tests/ca/fixture.h"

#define NOW 1790000000
#define DAY (24 * 60 * 60)

static CrlEntry make_entry(CrlReason reason, gint64 revoked_at)
{
	CrlEntry entry = { .revoked_at = revoked_at, .reason = reason };

	g_assert_true(der_serial_new(entry.serial, NULL));
	return entry;
}

static void put(CrlBody *body, const CrlEntry *entry)
{
	GError *error = NULL;

	g_assert_true(crl_put(body, entry, &error));
	g_assert_no_error(error);
}

static GBytes *build(const Fixture *fixture, const CrlBody *body, guint64 number)
{
	CrlRequest request = { fixture->issuer, number, NOW, NOW + DAY };
	GError *error = NULL;
	GBytes *der = crl_build(body, &request, &error);

	g_assert_no_error(error);
	return der;
}

/* openssl's text of the list, after it checked the signature. */
static char *text_of(const Fixture *fixture, GBytes *der)
{
	fixture_write(fixture, "list.crl", g_bytes_get_data(der, NULL), g_bytes_get_size(der));
	return fixture_must(fixture, "openssl crl -inform DER -in list.crl -CAfile ca.pem -verify "
				     "-noout -text");
}

static guint count_entries(const char *text)
{
	guint count = 0;

	for (const char *at = text; (at = strstr(at, "Serial Number: ")) != NULL; at++)
		count++;
	return count;
}

static void expect_entry(const char *text, const CrlEntry *entry, const char *time,
			 const char *reason)
{
	g_autofree char *serial = der_serial_text(entry->serial);
	g_autofree char *wanted = g_strdup_printf("    Serial Number: %s\n"
						  "        Revocation Date: %s\n"
						  "        CRL entry extensions:\n"
						  "            X509v3 CRL Reason Code: \n"
						  "                %s\n",
						  serial, time, reason);

	fixture_expect(text, wanted);
}

typedef struct ReasonRow {
	CrlReason reason;
	const char *openssl;
} ReasonRow;

static const ReasonRow reasons[] = {
	{ CRL_KEY_COMPROMISE, "Key Compromise" },
	{ CRL_CA_COMPROMISE, "CA Compromise" },
	{ CRL_AFFILIATION_CHANGED, "Affiliation Changed" },
	{ CRL_SUPERSEDED, "Superseded" },
	{ CRL_CESSATION_OF_OPERATION, "Cessation Of Operation" },
	{ CRL_CERTIFICATE_HOLD, "Certificate Hold" },
	{ CRL_PRIVILEGE_WITHDRAWN, "Privilege Withdrawn" },
};

static void check_reasons(KeyKind kind)
{
	Fixture fixture;
	CrlEntry entry[G_N_ELEMENTS(reasons)];
	g_autoptr(CrlBody) body = crl_new();
	g_autoptr(GBytes) der = NULL;
	g_autofree char *text = NULL;

	fixture_init(&fixture, kind, NOW);
	for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++) {
		entry[i] = make_entry(reasons[i].reason, NOW - 100);
		put(body, &entry[i]);
	}
	der = build(&fixture, body, 4711);
	text = text_of(&fixture, der);
	for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
		expect_entry(text, &entry[i], "Sep 21 14:11:40 2026 GMT", reasons[i].openssl);
	g_assert_cmpuint(count_entries(text), ==, G_N_ELEMENTS(reasons));
	fixture_expect(text, "Version 2 (0x1)");
	fixture_expect(text, "X509v3 CRL Number: \n                4711\n");
	fixture_expect(text, "X509v3 Authority Key Identifier");
	fixture_expect(text, "Last Update: Sep 21 14:13:20 2026 GMT");
	fixture_expect(text, "Next Update: Sep 22 14:13:20 2026 GMT");
	fixture_clear(&fixture);
}

static void test_openssl_reads_reasons(void)
{
	for (KeyKind kind = 0; kind < _KEY_KIND_MAX; kind++)
		check_reasons(kind);
}

static void test_entry_has_one_size(void)
{
	Fixture fixture;
	g_autoptr(CrlBody) body = crl_new();
	gsize before = 0;

	fixture_init(&fixture, KEY_RSA_2048, NOW);
	for (int i = 0; i < 60; i++) {
		CrlEntry entry = make_entry(CRL_KEY_COMPROMISE + (CrlReason) i % 6, NOW - i * DAY);
		g_autoptr(GBytes) der = NULL;
		gsize size;

		put(body, &entry);
		der = build(&fixture, body, 1);
		size = g_bytes_get_size(der);
		/* Lengths of the structures around grow at 128 and 256 and 65,536 octets only. */
		if (i > 10)
			g_assert_cmpuint(size - before, ==, CRL_ENTRY_SIZE);
		before = size;
	}
	fixture_clear(&fixture);
}

static void test_empty_list(void)
{
	Fixture fixture;
	g_autoptr(CrlBody) body = crl_new();
	g_autoptr(GBytes) der = NULL;
	g_autofree char *text = NULL;
	CrlFacts facts;

	fixture_init(&fixture, KEY_EC_P256, NOW);
	der = build(&fixture, body, G_MAXUINT64);
	text = text_of(&fixture, der);
	fixture_expect(text, "No Revoked Certificates.");
	g_assert_true(crl_read(der, fixture.issuer, NULL, &facts, NULL));
	g_assert_cmpuint(facts.number, ==, G_MAXUINT64);
	g_assert_cmpuint(facts.count, ==, 0);
	fixture_clear(&fixture);
}

/* Loss time, dates after 2050 and entries without reason have other sizes but lie in one list. */
static void test_mixed_entries(void)
{
	Fixture fixture;
	g_autoptr(CrlBody) body = crl_new();
	g_autoptr(GBytes) der = NULL;
	g_autoptr(GArray) read = g_array_new(FALSE, TRUE, sizeof(CrlEntry));
	g_autofree char *text = NULL;
	CrlEntry entry[8];
	CrlFacts facts;

	fixture_init(&fixture, KEY_EC_P256, NOW);
	for (guint i = 0; i < G_N_ELEMENTS(entry); i++) {
		entry[i] = make_entry(i & 1 ? CRL_KEY_COMPROMISE : CRL_UNSPECIFIED,
				      i & 2 ? 2600000000 : NOW);
		entry[i].invalid_from = i & 4 ? NOW - DAY : 0;
		put(body, &entry[i]);
	}
	der = build(&fixture, body, 7);
	text = text_of(&fixture, der);
	g_assert_cmpuint(count_entries(text), ==, 8);
	expect_entry(text, &entry[3], "May 22 14:13:20 2052 GMT", "Key Compromise");
	fixture_expect(text, "            Invalidity Date: \n"
			     "                Sep 20 14:13:20 2026 GMT\n");
	g_assert_true(crl_read(der, fixture.issuer, read, &facts, NULL));
	g_assert_cmpuint(facts.number, ==, 7);
	g_assert_cmpint(facts.this_update, ==, NOW);
	g_assert_cmpint(facts.next_update, ==, NOW + DAY);
	g_assert_cmpuint(facts.count, ==, 8);
	for (guint i = 0; i < read->len; i++) {
		const CrlEntry *got = &g_array_index(read, CrlEntry, i);
		gboolean is_found = FALSE;

		for (guint j = 0; j < G_N_ELEMENTS(entry); j++)
			is_found |= memcmp(got->serial, entry[j].serial, DER_SERIAL_SIZE) == 0 &&
				    got->revoked_at == entry[j].revoked_at &&
				    got->reason == entry[j].reason &&
				    got->invalid_from == entry[j].invalid_from;
		g_assert_true(is_found);
	}
	fixture_clear(&fixture);
}

static void test_removed_and_put_again(void)
{
	Fixture fixture;
	g_autoptr(CrlBody) body = crl_new();
	CrlEntry held = make_entry(CRL_CERTIFICATE_HOLD, NOW - 100);
	CrlEntry other = make_entry(CRL_SUPERSEDED, NOW - 50);
	g_autofree char *serial = der_serial_text(held.serial);
	g_autofree char *text = NULL;
	g_autoptr(GBytes) der = NULL;

	fixture_init(&fixture, KEY_EC_P256, NOW);
	put(body, &held);
	put(body, &other);
	g_assert_true(crl_has(body, held.serial));
	g_assert_true(crl_remove(body, held.serial));
	g_assert_false(crl_has(body, held.serial));
	g_assert_false(crl_remove(body, held.serial));
	der = build(&fixture, body, 2);
	text = text_of(&fixture, der);
	g_assert_null(strstr(text, serial));
	expect_entry(text, &other, "Sep 21 14:12:30 2026 GMT", "Superseded");
	g_clear_pointer(&der, g_bytes_unref);
	g_clear_pointer(&text, g_free);
	put(body, &held);
	held.reason = CRL_KEY_COMPROMISE;
	held.invalid_from = NOW - DAY;
	put(body, &held);
	g_assert_cmpuint(crl_count(body), ==, 2);
	der = build(&fixture, body, 3);
	text = text_of(&fixture, der);
	expect_entry(text, &held, "Sep 21 14:11:40 2026 GMT", "Key Compromise");
	g_assert_cmpuint(count_entries(text), ==, 2);
	fixture_clear(&fixture);
}

static guint hash_serial(gconstpointer key)
{
	return *(const guint *) key;
}

static gboolean equal_serials(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, DER_SERIAL_SIZE) == 0;
}

static void expect_same(GHashTable *model, GArray *list)
{
	g_assert_cmpuint(list->len, ==, g_hash_table_size(model));
	for (guint i = 0; i < list->len; i++) {
		const CrlEntry *got = &g_array_index(list, CrlEntry, i);
		const CrlEntry *want = g_hash_table_lookup(model, got->serial);

		g_assert_nonnull(want);
		g_assert_cmpint(got->reason, ==, want->reason);
		g_assert_cmpint(got->revoked_at, ==, want->revoked_at);
		g_assert_cmpint(got->invalid_from, ==, want->invalid_from);
	}
}

/* A CrlEntry begins with its serial, so it is its own key. */
static void test_random_changes_against_model(void)
{
	static CrlEntry pool[700];
	Fixture fixture;
	g_autoptr(CrlBody) body = crl_new();
	g_autoptr(GHashTable) model = g_hash_table_new(hash_serial, equal_serials);

	fixture_init(&fixture, KEY_EC_P256, NOW);
	for (gsize i = 0; i < G_N_ELEMENTS(pool); i++) {
		pool[i] = make_entry(CRL_SUPERSEDED, NOW);
		/* Many serials with the same end collide in the index. */
		if (i % 3 == 0)
			memset(pool[i].serial + 8, 0x5a, 8);
	}
	for (int step = 0; step < 20000; step++) {
		CrlEntry *entry = &pool[g_test_rand_int_range(0, G_N_ELEMENTS(pool))];

		if (g_test_rand_int_range(0, 5) < 2) {
			g_assert_cmpint(crl_remove(body, entry->serial), ==,
					g_hash_table_remove(model, entry->serial));
		} else {
			entry->reason = g_test_rand_bit() ? CRL_KEY_COMPROMISE : CRL_UNSPECIFIED;
			entry->revoked_at = g_test_rand_bit() ? NOW - step : 2600000000 + step;
			entry->invalid_from = g_test_rand_bit() ? NOW - step : 0;
			put(body, entry);
			g_hash_table_replace(model, entry->serial, entry);
		}
		g_assert_cmpuint(crl_count(body), ==, g_hash_table_size(model));
		if (step % 2000 == 1999) {
			g_autoptr(GBytes) der = build(&fixture, body, 1);
			g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(CrlEntry));
			CrlFacts facts;

			g_assert_true(crl_read(der, fixture.issuer, list, &facts, NULL));
			expect_same(model, list);
		}
	}
	fixture_clear(&fixture);
}

static void test_refuses_what_is_no_revocation(void)
{
	g_autoptr(CrlBody) body = crl_new();
	GError *error = NULL;
	CrlEntry entry = make_entry(CRL_SUPERSEDED, NOW);
	CrlReason reason;

	for (int code = -1; code < 300; code++) {
		entry.reason = (CrlReason) code;
		g_assert_cmpint(crl_put(body, &entry, NULL), ==,
				code >= 0 && code <= 9 && code != 7 && code != 8);
	}
	entry.reason = CRL_SUPERSEDED;
	entry.serial[0] = 0x80;
	g_assert_false(crl_put(body, &entry, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
	g_assert_true(crl_reason_parse("certificateHold", &reason, NULL));
	g_assert_cmpint(reason, ==, CRL_CERTIFICATE_HOLD);
	g_assert_false(crl_reason_parse("removeFromCRL", &reason, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_clear_error(&error);
}

static void test_witness_is_checked(void)
{
	Fixture fixture, other;
	g_autoptr(CrlBody) body = crl_new();
	CrlEntry entry = make_entry(CRL_SUPERSEDED, NOW);
	g_autoptr(GBytes) der = NULL;
	g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(CrlEntry));
	guint8 *copy;
	gsize length;
	CrlFacts facts;

	fixture_init(&fixture, KEY_EC_P256, NOW);
	fixture_init(&other, KEY_EC_P256, NOW);
	put(body, &entry);
	der = build(&fixture, body, 1);
	g_assert_false(crl_read(der, other.issuer, list, &facts, NULL));
	copy = g_memdup2(g_bytes_get_data(der, &length), g_bytes_get_size(der));
	for (gsize i = 0; i < length; i++) {
		g_autoptr(GBytes) damaged = NULL;

		copy[i] ^= 0x01;
		damaged = g_bytes_new(copy, length);
		copy[i] ^= 0x01;
		/* Only the unused-bits octet of the signature is covered by nothing. */
		if (crl_read(damaged, fixture.issuer, list, &facts, NULL))
			g_assert_cmpuint(i, >, length - 80);
		g_assert_cmpuint(list->len, <=, 1);
		g_array_set_size(list, 0);
	}
	for (gsize i = 0; i < length; i++) {
		g_autoptr(GBytes) cut = g_bytes_new(copy, i);

		g_assert_false(crl_read(cut, fixture.issuer, list, &facts, NULL));
	}
	g_free(copy);
	fixture_clear(&other);
	fixture_clear(&fixture);
}

static void test_card_is_refused_by_list(void)
{
	Fixture fixture;
	g_autoptr(CrlBody) body = crl_new();
	CrlEntry entry = { .revoked_at = NOW, .reason = CRL_KEY_COMPROMISE };
	g_autoptr(GBytes) certificate = NULL;
	g_autoptr(GBytes) der = NULL;
	g_autofree char *text = NULL;
	int status;

	fixture_init(&fixture, KEY_EC_P256, NOW);
	certificate = fixture_card(&fixture, "OP1", entry.serial);
	fixture_write_pem(&fixture, "card.pem", "CERTIFICATE", certificate);
	der = build(&fixture, body, 1);
	fixture_write_pem(&fixture, "list.pem", "X509 CRL", der);
	g_free(fixture_must(&fixture,
			    "openssl verify -attime %d -crl_check -CRLfile list.pem -CAfile ca.pem "
			    "card.pem",
			    NOW + 10));
	put(body, &entry);
	g_clear_pointer(&der, g_bytes_unref);
	der = build(&fixture, body, 2);
	fixture_write_pem(&fixture, "list.pem", "X509 CRL", der);
	text = fixture_run(&fixture, &status,
			   "openssl verify -attime %d -crl_check -CRLfile list.pem -CAfile ca.pem "
			   "card.pem",
			   NOW + 10);
	g_assert_cmpint(status, !=, 0);
	fixture_expect(text, "certificate revoked");
	fixture_clear(&fixture);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/crl/reasons", test_openssl_reads_reasons);
	g_test_add_func("/crl/entry-has-one-size", test_entry_has_one_size);
	g_test_add_func("/crl/empty", test_empty_list);
	g_test_add_func("/crl/mixed", test_mixed_entries);
	g_test_add_func("/crl/removed-and-put-again", test_removed_and_put_again);
	g_test_add_func("/crl/random-changes", test_random_changes_against_model);
	g_test_add_func("/crl/no-revocation", test_refuses_what_is_no_revocation);
	g_test_add_func("/crl/witness-is-checked", test_witness_is_checked);
	g_test_add_func("/crl/card-is-refused", test_card_is_refused_by_list);
	return g_test_run();
}
