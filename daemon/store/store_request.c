/* SPDX-License-Identifier: Apache-2.0
 * Answers by Idempotency-Key, and confirmations. */
#include "daemon/store/store_request.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define CONFIRMATION "id, event, card, body, by, at, expires"

void store_request_answer_free(StoredAnswer *answer)
{
	if (answer == NULL)
		return;
	g_clear_pointer(&answer->fingerprint, g_bytes_unref);
	g_free(answer->body);
	g_free(answer);
}

void store_request_confirmation_free(Confirmation *confirmation)
{
	if (confirmation == NULL)
		return;
	g_free(confirmation->id);
	g_free(confirmation->event);
	g_free(confirmation->card);
	g_free(confirmation->body);
	g_free(confirmation->by);
	g_free(confirmation);
}

gboolean store_request_find(StoreTx *tx, const char *principal, const char *key,
			    StoredAnswer **ret_answer, GError **error)
{
	g_autoptr(StoredAnswer) answer = NULL;
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT fingerprint, status, body FROM idempotency"
					 " WHERE principal = ?1 AND key = ?2",
					 "tt", principal, key);

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		answer = g_new0(StoredAnswer, 1);
		answer->fingerprint = sql_bytes(query, 0);
		answer->status = (int) sql_int(query, 1);
		answer->body = sql_text(query, 2);
	}
	if (!sql_end(query, error))
		return FALSE;
	*ret_answer = g_steal_pointer(&answer);
	return TRUE;
}

gboolean store_request_keep(StoreTx *tx, const char *principal, const char *key,
			    const StoredAnswer *answer, gint64 now, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO idempotency VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
		       " ON CONFLICT DO UPDATE SET status = ?4, body = ?5",
		       "ttbdti", principal, key, answer->fingerprint, answer->status, answer->body,
		       now);
}

gboolean store_request_forget(StoreTx *tx, gint64 before, GError **error)
{
	return sql_run(tx, error, "DELETE FROM idempotency WHERE at < ?1", "i", before);
}

gboolean store_request_ask(StoreTx *tx, const Confirmation *confirmation, GError **error)
{
	return sql_run(
		tx, error, "INSERT INTO confirmation VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)",
		"tttttii", confirmation->id, confirmation->event, confirmation->card,
		confirmation->body, confirmation->by, confirmation->at, confirmation->expires);
}

static gpointer read_row(Sql *query)
{
	Confirmation *row = g_new0(Confirmation, 1);

	row->id = sql_text(query, 0);
	row->event = sql_text(query, 1);
	row->card = sql_text(query, 2);
	row->body = sql_text(query, 3);
	row->by = sql_text(query, 4);
	row->at = sql_int(query, 5);
	row->expires = sql_int(query, 6);
	return row;
}

static GPtrArray *read_list(Sql *query, GError **error)
{
	return sql_collect(query, read_row, (GDestroyNotify) store_request_confirmation_free,
			   error);
}

Confirmation *store_request_confirmation(StoreTx *tx, const char *id, gint64 now, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " CONFIRMATION " FROM confirmation WHERE id = ?1"
					 " AND done_at IS NULL AND expires > ?2",
					 "ti", id, now);
	g_autoptr(GPtrArray) list = read_list(query, error);

	if (list == NULL)
		return NULL;
	if (list->len == 0) {
		error_set(error, ERROR_NOT_FOUND,
			  N_("nothing waits to be confirmed as %s; `opcardctl confirm --list` "
			     "shows what does"),
			  id);
		return NULL;
	}
	return g_ptr_array_steal_index(list, 0);
}

gboolean store_request_confirmed(StoreTx *tx, const char *id, gint64 now, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE confirmation SET done_at = ?2 WHERE id = ?1 AND done_at IS NULL",
		       "ti", id, now);
}

GPtrArray *store_request_open(StoreTx *tx, gint64 now, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " CONFIRMATION " FROM confirmation"
					 " WHERE done_at IS NULL AND expires > ?1 ORDER BY +id",
					 "i", now);

	return read_list(query, error);
}
