/* SPDX-License-Identifier: Apache-2.0
 * Bytes as a published list. The signature is checked before anything is read, so the input is the
 * TBSCertList and is signed here; without that nothing would get past the first step. What was read
 * is built again and must read the same. */
#include <string.h>

#include "daemon/ca/crl_read.h"
#include "daemon/ca/tlv.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_ca.h"

static GBytes *sign_list(const uint8_t *data, size_t size)
{
	Signer *signer = issuer_signer(fuzz_ca());
	GByteArray *list = g_byte_array_new();
	g_autoptr(GBytes) signature = NULL;
	gsize outer = tlv_open(list, TLV_SEQUENCE), bits;

	g_assert_true(sign_bytes(signer, data, size, &signature, NULL));
	tlv_put_raw(list, data, size);
	tlv_put_bytes(list, sign_algorithm(signer));
	bits = tlv_open(list, TLV_BIT_STRING);
	tlv_put_raw(list, "", 1);
	tlv_put_bytes(list, signature);
	tlv_close(list, bits);
	tlv_close(list, outer);
	return tlv_finish(list);
}

/* Entries may repeat a serial: the last one counts, as for any reader of a list. */
static CrlBody *body_of(const GArray *entries)
{
	CrlBody *body = crl_new();

	for (guint i = 0; i < entries->len; i++) {
		const CrlEntry *entry = &g_array_index(entries, CrlEntry, i);

		g_assert_true(crl_put(body, entry, NULL));
		g_assert_true(crl_has(body, entry->serial));
	}
	return body;
}

static void build_again(const GArray *entries, const CrlFacts *facts)
{
	g_autoptr(CrlBody) body = body_of(entries);
	g_autoptr(GArray) again = g_array_new(FALSE, TRUE, sizeof(CrlEntry));
	g_autoptr(CrlBody) second = NULL;
	CrlRequest request = { .issuer = fuzz_ca(),
			       .number = facts->number,
			       .this_update = FUZZ_CA_NOW,
			       .next_update = FUZZ_CA_NOW + 60 };
	g_autoptr(GBytes) list = crl_build(body, &request, NULL);
	CrlFacts got;

	g_assert_nonnull(list);
	g_assert_true(crl_read(list, fuzz_ca(), again, &got, NULL));
	g_assert_cmpuint(got.number, ==, facts->number);
	g_assert_cmpuint(got.count, ==, crl_count(body));
	second = body_of(again);
	g_assert_cmpuint(crl_count(second), ==, crl_count(body));
}

void fuzz_one(const uint8_t *data, size_t size)
{
	g_autoptr(GArray) entries = g_array_new(FALSE, TRUE, sizeof(CrlEntry));
	g_autoptr(GBytes) raw = g_bytes_new(data, size);
	g_autoptr(GBytes) list = NULL;
	CrlFacts facts = { 0 };

	g_assert_false(crl_read(raw, fuzz_ca(), entries, &facts, NULL));
	list = sign_list(data, size);
	if (crl_read(list, fuzz_ca(), entries, &facts, NULL)) {
		g_assert_cmpuint(entries->len, ==, facts.count);
		build_again(entries, &facts);
	} else {
		g_assert_cmpuint(entries->len, ==, 0);
	}
}
