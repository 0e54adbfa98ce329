/* SPDX-License-Identifier: Apache-2.0
 * Idempotency-Key. */
#include "daemon/api/idempotency.h"

#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/dump.h"
#include "daemon/store/store_request.h"

#define KEY_MAX 200
#define WAIT_US (20 * G_USEC_PER_SEC)

/* Without it two requests with one key that come together would both find no answer. */
struct Flights {
	GMutex mutex;
	GCond landed;
	GHashTable *keys; /* a set of "PRINCIPAL\nKEY" */
};

static const char *const secrets[] = { "pin", "oldPin", "newPin" };

Flights *idempotency_open(void)
{
	Flights *flights = g_new0(Flights, 1);

	g_mutex_init(&flights->mutex);
	g_cond_init(&flights->landed);
	flights->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return flights;
}

void idempotency_close(Flights *flights)
{
	g_hash_table_unref(flights->keys);
	g_cond_clear(&flights->landed);
	g_mutex_clear(&flights->mutex);
	g_free(flights);
}

static gboolean take_off(Call *call, const char *key, GError **error)
{
	Flights *flights = call->api->flights;
	g_autofree char *flight = g_strconcat(call->principal, "\n", key, NULL);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&flights->mutex);
	gint64 until = g_get_monotonic_time() + WAIT_US;

	while (g_hash_table_contains(flights->keys, flight))
		if (!g_cond_wait_until(&flights->landed, &flights->mutex, until))
			return error_set(error, ERROR_BUSY,
					 N_("the same request is still under way; ask again with "
					    "the same Idempotency-Key"));
	g_hash_table_add(flights->keys, g_strdup(flight));
	call->flight = g_steal_pointer(&flight);
	return TRUE;
}

void idempotency_land(Call *call)
{
	Flights *flights = call->api->flights;
	g_autoptr(GMutexLocker) locker = NULL;

	if (call->flight == NULL)
		return;
	locker = g_mutex_locker_new(&flights->mutex);
	g_hash_table_remove(flights->keys, call->flight);
	g_clear_pointer(&call->flight, g_free);
	g_cond_broadcast(&flights->landed);
}

static GBytes *fingerprint(const Call *call)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	json_t *copy = json_copy(call->body);
	guint8 digest[32];
	gsize length = sizeof(digest);
	char *text;

	for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
		json_object_del(copy, secrets[i]);
	text = dump_json(copy);
	g_checksum_update(sum, (const guchar *) call->request->path, -1);
	g_checksum_update(sum, (const guchar *) "\n", 1);
	g_checksum_update(sum, (const guchar *) text, -1);
	g_checksum_get_digest(sum, digest, &length);
	json_decref(copy);
	g_free(text);
	return g_bytes_new(digest, length);
}

gboolean idempotency_replay(Call *call, HttpReply **ret_reply, GError **error)
{
	const char *key = call->request->idempotency_key;
	g_autoptr(StoredAnswer) answer = NULL;
	g_autoptr(StoreTx) tx = NULL;

	*ret_reply = NULL;
	if (key == NULL || call->op.is_dry_run || call->request->method != HTTP_POST)
		return TRUE;
	if (strlen(key) > KEY_MAX)
		return error_set(error, ERROR_USAGE,
				 N_("the Idempotency-Key is longer than %d characters"), KEY_MAX);
	call->principal = g_strdup(call->actor->id);
	call->fingerprint = fingerprint(call);
	if (!take_off(call, key, error))
		return FALSE;
	tx = store_tx_read(call->api->house->store, error);
	if (tx == NULL || !store_request_find(tx, call->principal, key, &answer, error))
		return FALSE;
	if (answer == NULL)
		return TRUE;
	if (!g_bytes_equal(answer->fingerprint, call->fingerprint))
		return error_set(
			error, ERROR_EXISTS,
			N_("this Idempotency-Key was used with another request; make a new "
			   "one for every request"));
	*ret_reply = reply_text(answer->status, "application/json", answer->body);
	return TRUE;
}

gboolean idempotency_keep(Call *call, const HttpReply *reply, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autofree char *body = NULL;
	gsize length;
	const char *data;

	if (call->fingerprint == NULL || reply->body == NULL || reply->status >= 400)
		return TRUE;
	data = g_bytes_get_data(reply->body, &length);
	body = g_strndup(data, length);
	StoredAnswer answer = { .fingerprint = call->fingerprint,
				.status = reply->status,
				.body = body };

	/* After a power failure the repeated request is judged by the card's state instead. */
	tx = store_tx_begin(call->api->house->store, STORE_LAZY, error);
	return tx != NULL &&
	       store_request_keep(tx, call->principal, call->request->idempotency_key, &answer,
				  call->op.now, error) &&
	       store_tx_commit(&tx, error);
}
