/* SPDX-License-Identifier: Apache-2.0
 * Table B, every pair of states, and the names of states and reasons. */
#include <string.h>

#include "daemon/core/certificate.h"
#include "daemon/core/recall.h"

/* clang-format off */
/* PENDING → VALID ⇄ HOLD → REVOKED; PENDING, VALID → REVOKED. Nothing leaves REVOKED. */
static const char *const table[_CERTIFICATE_STATE_MAX] = {
	/*                         P V H R */
	[CERTIFICATE_PENDING] = ". x . x",
	[CERTIFICATE_VALID]   = ". . x x",
	[CERTIFICATE_HOLD]    = ". x . x",
	[CERTIFICATE_REVOKED] = ". . . .",
};
/* clang-format on */

static void test_pairs(void)
{
	for (int from = 0; from < _CERTIFICATE_STATE_MAX; from++)
		for (int to = 0; to < _CERTIFICATE_STATE_MAX; to++) {
			gboolean is_allowed = table[from][2 * to] == 'x';

			g_test_message("%s to %s", certificate_state_name((CertificateState) from),
				       certificate_state_name((CertificateState) to));
			g_assert_true(certificate_may((CertificateState) from,
						      (CertificateState) to) == is_allowed);
		}
}

static void test_states(void)
{
	static const char *const names[] = { "PENDING", "VALID", "HOLD", "REVOKED" };
	CertificateState state = CERTIFICATE_REVOKED;

	g_assert_cmpint(G_N_ELEMENTS(names), ==, _CERTIFICATE_STATE_MAX);
	for (int i = 0; i < _CERTIFICATE_STATE_MAX; i++) {
		g_assert_cmpstr(certificate_state_name((CertificateState) i), ==, names[i]);
		g_assert_true(certificate_state_parse(names[i], &state));
		g_assert_cmpint(state, ==, i);
	}
	g_assert_false(certificate_state_parse("valid", &state));
	g_assert_false(certificate_state_parse(NULL, &state));
	g_assert_cmpint(state, ==, CERTIFICATE_REVOKED);
}

/* Numbers and words of RFC 5280 5.3.1. */
static void test_reasons(void)
{
	static const struct {
		int number;
		const char *name;
	} rows[] = {
		{ 1, "keyCompromise" },   { 3, "affiliationChanged" },
		{ 4, "superseded" },      { 5, "cessationOfOperation" },
		{ 6, "certificateHold" }, { 9, "privilegeWithdrawn" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RevocationReason reason = REVOCATION_NONE;

		g_assert_cmpstr(certificate_reason_name((RevocationReason) rows[i].number), ==,
				rows[i].name);
		g_assert_true(certificate_reason_parse(rows[i].name, &reason));
		g_assert_cmpint(reason, ==, rows[i].number);
	}
	for (int number = -1; number <= _REVOCATION_REASON_MAX; number++) {
		const char *name = certificate_reason_name((RevocationReason) number);
		gboolean is_known = FALSE;

		for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
			is_known = is_known || rows[i].number == number;
		g_assert_true((name != NULL) == is_known);
	}
	g_assert_false(certificate_reason_parse(NULL, &(RevocationReason){ REVOCATION_NONE }));
	g_assert_false(certificate_reason_parse("", &(RevocationReason){ REVOCATION_NONE }));
}

/* 異動・指定変更 3 · 再発行・損傷・更新 4 · 退職・満了 5. */
static void test_recall_reasons(void)
{
	static const struct {
		const char *name;
		RevocationReason revocation;
	} rows[] = {
		{ "TRANSFER", REVOCATION_AFFILIATION_CHANGED },
		{ "DESIGNATION_ENDED", REVOCATION_AFFILIATION_CHANGED },
		{ "RETIREMENT", REVOCATION_CESSATION },
		{ "CONTRACT_END", REVOCATION_CESSATION },
		{ "OTHER", REVOCATION_CESSATION },
		{ "RENEWAL", REVOCATION_SUPERSEDED },
		{ "REISSUE", REVOCATION_SUPERSEDED },
		{ "DAMAGE", REVOCATION_SUPERSEDED },
		{ "TEMPORARY_OVER", REVOCATION_CESSATION },
	};
	g_autofree char *choices = recall_choices();

	g_assert_cmpint(G_N_ELEMENTS(rows), ==, _RECALL_REASON_MAX);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RecallReason reason = _RECALL_REASON_MAX;

		g_assert_true(recall_parse(rows[i].name, &reason));
		g_assert_cmpint(recall_revocation(reason), ==, rows[i].revocation);
		g_assert_cmpstr(recall_name(reason), ==, rows[i].name);
		g_assert_cmpstr(recall_ja(reason), !=, "");
		g_assert_nonnull(strstr(choices, rows[i].name));
	}
}

static void test_serial(void)
{
	static const guint8 serial[CERTIFICATE_SERIAL_BYTES] = { 1, 1, 0, 0xA, 0xFF, [15] = 0x7F };
	g_autofree char *hex = certificate_serial_hex(serial);

	g_assert_cmpstr(hex, ==, "0101000aff000000000000000000007f");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/table-b/pairs", test_pairs);
	g_test_add_func("/table-b/states", test_states);
	g_test_add_func("/table-b/reasons", test_reasons);
	g_test_add_func("/table-b/recall-reasons", test_recall_reasons);
	g_test_add_func("/table-b/serial", test_serial);
	return g_test_run();
}
