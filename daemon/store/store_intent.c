/* SPDX-License-Identifier: Apache-2.0
 * Intents in the store. */
#include "daemon/store/store_intent.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS "id, kind, card, step, body, opened_at, ifnull(closed_at, 0), outcome"

void store_intent_free(Intent *intent)
{
	if (intent == NULL)
		return;
	g_free(intent->id);
	g_free(intent->kind);
	g_free(intent->card);
	g_free(intent->step);
	g_free(intent->body);
	g_free(intent->outcome);
	g_free(intent);
}

static gpointer read_row(Sql *query)
{
	Intent *intent = g_new0(Intent, 1);

	intent->id = sql_text(query, 0);
	intent->kind = sql_text(query, 1);
	intent->card = sql_text(query, 2);
	intent->step = sql_text(query, 3);
	intent->body = sql_text(query, 4);
	intent->opened_at = sql_int(query, 5);
	intent->closed_at = sql_int(query, 6);
	intent->outcome = sql_text(query, 7);
	return intent;
}

static GPtrArray *read_list(Sql *query, GError **error)
{
	return sql_collect(query, read_row, (GDestroyNotify) store_intent_free, error);
}

gboolean store_intent_of_card(StoreTx *tx, const char *card, Intent **ret_intent, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " COLUMNS " FROM intent WHERE card = ?1 AND closed_at IS NULL",
		"t", card);
	g_autoptr(GPtrArray) list = read_list(query, error);

	if (list == NULL)
		return FALSE;
	*ret_intent = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

gboolean store_intent_open(StoreTx *tx, const Intent *intent, GError **error)
{
	g_autoptr(Intent) other = NULL;

	if (!store_intent_of_card(tx, intent->card, &other, error))
		return FALSE;
	if (other != NULL)
		return error_set(error, ERROR_BUSY,
				 N_("card %s has an unfinished operation (%s, %s); put the card "
				    "into a reader so that it can be finished"),
				 intent->card, other->kind, other->id);
	return sql_run(tx, error, "INSERT INTO intent VALUES(?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL)",
		       "ttttti", intent->id, intent->kind, intent->card, intent->step, intent->body,
		       intent->opened_at);
}

gboolean store_intent_step(StoreTx *tx, const char *id, const char *step, const char *body,
			   GError **error)
{
	return sql_run(tx, error,
		       "UPDATE intent SET step = ?2, body = ifnull(?3, body) WHERE id = ?1", "ttt",
		       id, step, body);
}

gboolean store_intent_close(StoreTx *tx, const char *id, const char *outcome, gint64 now,
			    GError **error)
{
	return sql_run(tx, error,
		       "UPDATE intent SET closed_at = ?3, outcome = ?2"
		       " WHERE id = ?1 AND closed_at IS NULL",
		       "tti", id, outcome, now);
}

Intent *store_intent_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " COLUMNS " FROM intent WHERE id = ?1", "t", id);
	g_autoptr(GPtrArray) list = read_list(query, error);

	if (list == NULL)
		return NULL;
	if (list->len == 0) {
		error_set(error, ERROR_NOT_FOUND, N_("there is no job %s"), id);
		return NULL;
	}
	return g_ptr_array_steal_index(list, 0);
}

GPtrArray *store_intent_list_open(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT " COLUMNS " FROM intent WHERE closed_at IS NULL ORDER BY opened_at, id",
		"");

	return read_list(query, error);
}
