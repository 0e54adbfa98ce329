/* SPDX-License-Identifier: Apache-2.0
 * Idempotency-Key. */
#include "daemon/api/idempotency.h"

#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/dump.h"
#include "daemon/store/store_request.h"

#define KEY_MAX 200

static const char *const secrets[] = { "pin", "oldPin", "newPin" };

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
