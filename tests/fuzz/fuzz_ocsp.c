/* SPDX-License-Identifier: Apache-2.0
 * Anybody's bytes as an OCSP request. Whatever comes, the answer is a response that OpenSSL reads,
 * it says good only of what is good, and nothing of other people's certificates. */
#include <glib/gstdio.h>
#include <openssl/ocsp.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ca/ocsp.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_ca.h"

enum {
	VALID_CARD = 1,
	HELD_CARD,
	REVOKED_CARD,
	PENDING_CARD,
	CHANGING_CARD
};

static StatusIndex *make_index(void)
{
	static const StatusState states[] = {
		[VALID_CARD] = STATUS_VALID,     [HELD_CARD] = STATUS_HOLD,
		[REVOKED_CARD] = STATUS_REVOKED, [PENDING_CARD] = STATUS_PENDING,
		[CHANGING_CARD] = STATUS_VALID,
	};
	StatusIndex *index = status_index_new();
	StatusEntry entry = { .issuer = 1, .since = FUZZ_CA_NOW - 5000 };

	status_index_load_begin(index, G_N_ELEMENTS(states));
	for (guint8 i = VALID_CARD; i < G_N_ELEMENTS(states); i++) {
		fuzz_ca_serial(i, entry.serial);
		entry.state = (guint8) states[i];
		entry.reason = states[i] == STATUS_REVOKED ? 1 : 0;
		/* The held one has expired: its answer carries the archive cutoff. */
		entry.not_after = FUZZ_CA_NOW + (i == HELD_CARD ? -1 : 1000);
		g_assert_true(status_index_load_add(index, &entry, NULL));
	}
	status_index_load_finish(index);
	status_index_mark(index, 1, entry.serial);
	return index;
}

static Ocsp *make_ocsp(void)
{
	const OcspSettings settings = { .cache_bytes = 1 << 20, .nonce_budget = G_MAXUINT };
	g_autofree char *folder = g_dir_make_tmp("opcard-fuzz-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "ocsp.pem", NULL);
	g_autoptr(OcspResponder) responder =
		ocsp_responder_create(fuzz_ca(), path, FUZZ_CA_NOW, NULL);
	Ocsp *ocsp = ocsp_new(make_index(), &settings);

	g_assert_nonnull(responder);
	ocsp_set_responder(ocsp, responder);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(rmdir(folder), ==, 0);
	return ocsp;
}

static int serial_of(OCSP_SINGLERESP *single)
{
	ASN1_INTEGER *serial;
	guint8 bytes[DER_SERIAL_SIZE];
	BIGNUM *number;
	int last = -1;

	OCSP_id_get0_info(NULL, NULL, NULL, &serial,
			  (OCSP_CERTID *) OCSP_SINGLERESP_get0_id(single));
	number = ASN1_INTEGER_to_BN(serial, NULL);
	if (number != NULL && !BN_is_negative(number) &&
	    BN_bn2binpad(number, bytes, sizeof bytes) == sizeof bytes)
		last = bytes[DER_SERIAL_SIZE - 1];
	BN_free(number);
	return last;
}

static void check_singles(OCSP_BASICRESP *basic, const OcspRequest *request)
{
	g_assert_cmpint(OCSP_resp_count(basic), ==, (int) request->count);
	for (int i = 0; i < OCSP_resp_count(basic); i++) {
		OCSP_SINGLERESP *single = OCSP_resp_get0(basic, i);
		int reason, status = OCSP_single_get0_status(single, &reason, NULL, NULL, NULL);

		if (status == V_OCSP_CERTSTATUS_GOOD)
			g_assert_cmpint(serial_of(single), ==, VALID_CARD);
	}
}

static void check_answer(const OcspAnswer *answer, const void *data, size_t size)
{
	const guint8 *at = g_bytes_get_data(answer->der, NULL);
	OCSP_RESPONSE *response =
		d2i_OCSP_RESPONSE(NULL, &at, (long) g_bytes_get_size(answer->der));
	OcspRequest request;

	g_assert_nonnull(response);
	g_assert_cmpint(OCSP_response_status(response), ==, (int) answer->result);
	g_assert_cmpint(answer->result, !=, OCSP_INTERNAL_ERROR);
	if (answer->result == OCSP_SUCCESSFUL) {
		OCSP_BASICRESP *basic = OCSP_response_get1_basic(response);

		g_assert_nonnull(basic);
		g_assert_true(ocsp_request_parse(data, size, &request));
		check_singles(basic, &request);
		OCSP_BASICRESP_free(basic);
	} else {
		g_assert_false(answer->is_cacheable);
	}
	OCSP_RESPONSE_free(response);
}

void fuzz_one(const uint8_t *data, size_t size)
{
	static Ocsp *ocsp;
	g_auto(OcspAnswer) answer = { 0 };
	g_autofree guint8 *copy = g_memdup2(data, size); /* what is read past its end is noticed */

	if (ocsp == NULL)
		ocsp = make_ocsp();
	ocsp_answer(ocsp, copy, size, FUZZ_CA_NOW, &answer);
	g_assert_nonnull(answer.der);
	check_answer(&answer, copy, size);
}
