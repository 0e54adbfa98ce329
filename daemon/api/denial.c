/* SPDX-License-Identifier: Apache-2.0
 * Refusals in the ledger. What is counted is kept in memory: after a restart the first one is
 * recorded again. */
#include "daemon/api/denial.h"

#include "daemon/api/route.h"
#include "daemon/base/log.h"
#include "daemon/op/record.h"

#define HOUR     3600
#define KEYS_MAX 1000

typedef struct Series {
	gint64 hour;
	guint before; /* not recorded since the last record */
} Series;

struct Denial {
	GMutex mutex;
	GHashTable *series; /* "actor METHOD /path" → Series */
	gint64 hour;
	guint recorded; /* within @hour */
};

Denial *denial_new(void)
{
	Denial *denial = g_new0(Denial, 1);

	g_mutex_init(&denial->mutex);
	denial->series = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return denial;
}

void denial_free(Denial *denial)
{
	if (denial == NULL)
		return;
	g_hash_table_unref(denial->series);
	g_mutex_clear(&denial->mutex);
	g_free(denial);
}

gboolean denial_take(Denial *denial, const char *key, gint64 now, guint *ret_before)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&denial->mutex);
	gint64 hour = now / HOUR;
	Series *series = g_hash_table_lookup(denial->series, key);

	if (denial->hour != hour) {
		denial->hour = hour;
		denial->recorded = 0;
	}
	if (denial->recorded >= DENIAL_MOST || (series != NULL && series->hour == hour)) {
		if (series != NULL)
			series->before++;
		return FALSE;
	}
	if (series == NULL) {
		if (g_hash_table_size(denial->series) >= KEYS_MAX)
			g_hash_table_remove_all(denial->series);
		series = g_new0(Series, 1);
		g_hash_table_insert(denial->series, g_strdup(key), series);
	}
	denial->recorded++;
	series->hour = hour;
	*ret_before = series->before;
	series->before = 0;
	return TRUE;
}

static gboolean write_record(Call *call, const GError *refusal, guint before, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(call->api->house->store, STORE_LAZY, error);
	g_autofree char *needed =
		role_table_names(call->api->house->role_table, call->route->roles);
	g_autofree char *request = g_strdup_printf(
		"%s %s", http_request_method_name(call->route->method), call->request->path);
	Record record = {
		.kind = "denied",
		.article = "T10",
		.note = refusal->message,
		.extra = json_pack("{s:s, s:s, s:i}", "request", request, "needed", needed,
				   "before", (int) before),
	};

	if (tx == NULL) {
		json_decref(record.extra);
		return FALSE;
	}
	return record_event(tx, &call->op, call->actor->person != 0 ? call->actor->id : NULL,
			    &record, error) &&
	       store_tx_commit(&tx, error);
}

void denial_record(Call *call, const GError *refusal)
{
	g_autofree char *key = NULL;
	g_autoptr(GError) error = NULL;
	guint before;

	if (call->actor == NULL || call->api->denial == NULL)
		return;
	key = g_strdup_printf("%s %s %s", call->actor->id,
			      http_request_method_name(call->route->method), call->route->path);
	if (denial_take(call->api->denial, key, call->op.now, &before) &&
	    !write_record(call, refusal, before, &error))
		log_error(call->route->path, call->args[0], call->actor->id, error);
}
