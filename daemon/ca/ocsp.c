/* SPDX-License-Identifier: Apache-2.0
 * Decides what OCSP answers; ocsp_request.c reads and ocsp_response.c writes. The index is asked
 * before the cache, so that a kept answer is only given while it still is the truth. */
#include "daemon/ca/ocsp.h"

#include <string.h>

#define DEFAULT_VALIDITY     600
#define DEFAULT_MAX_AGE      60
#define DEFAULT_CACHE_BYTES  (64 * 1024 * 1024)
#define DEFAULT_NONCE_BUDGET 2000

typedef struct Served {
	Issuer *issuer;
	OcspResponder *responder; /* NULL: out of reach */
} Served;

struct Ocsp {
	StatusIndex *index;
	OcspCache *cache;
	OcspSettings settings;
	GRWLock lock;
	GArray *served; /* Served */
	GMutex budget_mutex;
	gint64 budget_second;
	unsigned int budget_used;
};

static void served_clear(gpointer data)
{
	Served *served = data;

	g_clear_pointer(&served->issuer, issuer_free);
	g_clear_pointer(&served->responder, ocsp_responder_free);
}

Ocsp *ocsp_new(StatusIndex *index, const OcspSettings *settings)
{
	Ocsp *ocsp = g_new0(Ocsp, 1);

	ocsp->index = index;
	ocsp->settings = *settings;
	if (ocsp->settings.validity <= 0)
		ocsp->settings.validity = DEFAULT_VALIDITY;
	if (ocsp->settings.max_age <= 0)
		ocsp->settings.max_age = DEFAULT_MAX_AGE;
	/* An answer may be half its life old when it is given, and there may be two proxies, each
	 * of which keeps it that long. */
	ocsp->settings.max_age = MIN(ocsp->settings.max_age, ocsp->settings.validity / 4);
	if (ocsp->settings.cache_bytes == 0)
		ocsp->settings.cache_bytes = DEFAULT_CACHE_BYTES;
	if (ocsp->settings.nonce_budget == 0)
		ocsp->settings.nonce_budget = DEFAULT_NONCE_BUDGET;
	/* Signed anew at half its life, so that nobody is handed one that ends at once. */
	ocsp->cache = ocsp_cache_new(ocsp->settings.cache_bytes, ocsp->settings.validity / 2);
	g_rw_lock_init(&ocsp->lock);
	g_mutex_init(&ocsp->budget_mutex);
	ocsp->served = g_array_new(FALSE, FALSE, sizeof(Served));
	g_array_set_clear_func(ocsp->served, served_clear);
	return ocsp;
}

void ocsp_free(Ocsp *ocsp)
{
	if (ocsp == NULL)
		return;
	g_array_unref(ocsp->served);
	ocsp_cache_free(ocsp->cache);
	g_mutex_clear(&ocsp->budget_mutex);
	g_rw_lock_clear(&ocsp->lock);
	g_free(ocsp);
}

static void serve(Ocsp *ocsp, Served served)
{
	guint16 id = issuer_id(served.issuer);

	g_rw_lock_writer_lock(&ocsp->lock);
	for (guint i = 0; i < ocsp->served->len; i++)
		if (issuer_id(g_array_index(ocsp->served, Served, i).issuer) == id)
			g_array_remove_index(ocsp->served, i--);
	g_array_append_val(ocsp->served, served);
	g_rw_lock_writer_unlock(&ocsp->lock);
	ocsp_cache_clear(ocsp->cache);
}

void ocsp_set_responder(Ocsp *ocsp, OcspResponder *responder)
{
	serve(ocsp, (Served){ issuer_ref(ocsp_responder_issuer(responder)),
			      ocsp_responder_ref(responder) });
}

void ocsp_set_issuer(Ocsp *ocsp, const Issuer *issuer)
{
	serve(ocsp, (Served){ issuer_ref(issuer), NULL });
}

static gboolean is_issued_by(const OcspCertId *id, const Issuer *issuer)
{
	return id->has_known_hash &&
	       memcmp(id->key_hash.content, issuer_key_hash(issuer, id->hash),
		      id->key_hash.length) == 0 &&
	       memcmp(id->name_hash.content, issuer_name_hash(issuer, id->hash),
		      id->name_hash.length) == 0;
}

/* The CA of the first certificate that is ours; it signs for the whole request. */
static gboolean find_served(Ocsp *ocsp, const OcspRequest *request, Served *ret_served)
{
	gboolean is_found = FALSE;

	g_rw_lock_reader_lock(&ocsp->lock);
	for (gsize i = 0; i < request->count && !is_found; i++)
		for (guint j = 0; j < ocsp->served->len && !is_found; j++) {
			const Served *served = &g_array_index(ocsp->served, Served, j);

			if (!is_issued_by(&request->id[i], served->issuer))
				continue;
			ret_served->issuer = issuer_ref(served->issuer);
			ret_served->responder = served->responder != NULL
							? ocsp_responder_ref(served->responder)
							: NULL;
			is_found = TRUE;
		}
	g_rw_lock_reader_unlock(&ocsp->lock);
	return is_found;
}

/* Certificates of another CA are unknown to this signer: clients would not believe it. */
static OcspSingle look_up(Ocsp *ocsp, const Issuer *issuer, const OcspCertId *id)
{
	OcspSingle single = { .id = &id->whole, .state = STATUS_ABSENT };

	if (is_issued_by(id, issuer) && der_serial_is_ours(id->serial.content, id->serial.length))
		single.state = status_index_lookup(ocsp->index, issuer_id(issuer),
						   id->serial.content, &single.status);
	return single;
}

static gboolean is_known(StatusState state)
{
	return state == STATUS_VALID || state == STATUS_HOLD || state == STATUS_REVOKED;
}

static gboolean take_budget(Ocsp *ocsp, gint64 now)
{
	gboolean is_left;

	g_mutex_lock(&ocsp->budget_mutex);
	if (ocsp->budget_second != now) {
		ocsp->budget_second = now;
		ocsp->budget_used = 0;
	}
	is_left = ocsp->budget_used < ocsp->settings.nonce_budget;
	if (is_left)
		ocsp->budget_used++;
	g_mutex_unlock(&ocsp->budget_mutex);
	return is_left;
}

static void refuse(OcspAnswer *answer, OcspResult result)
{
	answer->result = result;
	answer->der = ocsp_response_refuse(result);
}

static void make_etag(GBytes *der, char etag[OCSP_CACHE_ETAG_SIZE])
{
	guint8 hash[KEY_HASH_SIZE_MAX];

	key_hash_bytes(g_bytes_get_data(der, NULL), g_bytes_get_size(der), KEY_HASH_SHA256, hash);
	etag[0] = '"';
	for (int i = 0; i < 16; i++) {
		etag[1 + 2 * i] = "0123456789abcdef"[hash[i] >> 4];
		etag[2 + 2 * i] = "0123456789abcdef"[hash[i] & 15];
	}
	etag[33] = '"';
	etag[34] = '\0';
}

static void answer_fresh(const OcspResponse *response, OcspAnswer *answer)
{
	answer->der = ocsp_response_build(response);
	answer->result = OCSP_SUCCESSFUL;
	if (answer->der == NULL)
		refuse(answer, OCSP_INTERNAL_ERROR);
}

/* One certificate we know, no nonce: kept for the next who asks. */
static void answer_kept(Ocsp *ocsp, const OcspResponse *response, OcspAnswer *answer)
{
	const OcspSingle *single = response->single;
	OcspCacheAnswer kept;

	if (!ocsp_cache_get(ocsp->cache, single->id, &single->status, response->now, &kept)) {
		kept.der = ocsp_response_build(response);
		if (kept.der == NULL) {
			refuse(answer, OCSP_INTERNAL_ERROR);
			return;
		}
		kept.this_update = response->now;
		kept.next_update = response->next_update;
		make_etag(kept.der, kept.etag);
		ocsp_cache_put(ocsp->cache, single->id, &single->status, &kept);
	}
	answer->der = kept.der;
	answer->result = OCSP_SUCCESSFUL;
	answer->is_cacheable = TRUE;
	answer->this_update = kept.this_update;
	answer->next_update = kept.next_update;
	answer->max_age = MIN(ocsp->settings.max_age, kept.next_update - response->now);
	memcpy(answer->etag, kept.etag, sizeof answer->etag);
}

static void answer_request(Ocsp *ocsp, const OcspRequest *request, const Served *served, gint64 now,
			   OcspAnswer *answer)
{
	OcspSingle single[OCSP_REQUEST_CERTIFICATES];
	OcspResponse response = { .responder = served->responder,
				  .single = single,
				  .count = request->count,
				  .now = now };

	if (served->responder == NULL || !ocsp_responder_is_usable(served->responder, now)) {
		refuse(answer, OCSP_TRY_LATER);
		return;
	}
	for (gsize i = 0; i < request->count; i++) {
		single[i] = look_up(ocsp, served->issuer, &request->id[i]);
		if (single[i].state == STATUS_CHANGING) {
			refuse(answer, OCSP_TRY_LATER);
			return;
		}
	}
	response.next_update =
		MIN(now + ocsp->settings.validity, ocsp_responder_not_after(served->responder));
	if (request->has_nonce && take_budget(ocsp, now))
		response.nonce = &request->nonce;
	if (response.nonce == NULL && request->count == 1 && is_known(single[0].state))
		answer_kept(ocsp, &response, answer);
	else
		answer_fresh(&response, answer);
	if (request->has_nonce)
		answer->is_cacheable = FALSE;
}

void ocsp_answer(Ocsp *ocsp, const void *request, gsize length, gint64 now, OcspAnswer *ret_answer)
{
	OcspRequest parsed;
	Served served = { NULL, NULL };

	*ret_answer = (OcspAnswer){ .der = NULL };
	if (!ocsp_request_parse(request, length, &parsed))
		refuse(ret_answer, OCSP_MALFORMED_REQUEST);
	else if (!find_served(ocsp, &parsed, &served))
		refuse(ret_answer, OCSP_UNAUTHORIZED);
	else
		answer_request(ocsp, &parsed, &served, now, ret_answer);
	served_clear(&served);
}

void ocsp_answer_clear(OcspAnswer *answer)
{
	g_clear_pointer(&answer->der, g_bytes_unref);
}

gsize ocsp_memory(Ocsp *ocsp)
{
	return ocsp_cache_bytes(ocsp->cache);
}
