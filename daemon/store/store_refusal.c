/* SPDX-License-Identifier: Apache-2.0
 * Times of refusals in the store. */
#include "daemon/store/store_refusal.h"

#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"id, event, card, scope, noticed_at, asked_at, ifnull(refused_at, 0),"                     \
	" ifnull(refused_ms, -1), ifnull(listed_ms, -1), cards"

void store_refusal_free(Refusal *refusal)
{
	if (refusal == NULL)
		return;
	g_free(refusal->event);
	g_free(refusal->card);
	g_free(refusal->scope);
	g_free(refusal);
}

gboolean store_refusal_open(StoreTx *tx, const Refusal *refusal, gint64 *ret_id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "INSERT INTO refusal(event, card, scope, noticed_at, asked_at, cards)"
			  " VALUES(?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
			  "tttiii", refusal->event, refusal->card, refusal->scope,
			  refusal->noticed_at, refusal->asked_at, refusal->cards);

	if (query == NULL)
		return FALSE;
	while (sql_step(query))
		*ret_id = sql_int(query, 0);
	return sql_end(query, error);
}

gboolean store_refusal_close(StoreTx *tx, const Refusal *refusal, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE refusal SET refused_at = ?2, refused_ms = ?3,"
		       " listed_ms = nullif(?4, -1) WHERE id = ?1",
		       "iiii", refusal->id, refusal->refused_at, refusal->refused_ms,
		       refusal->listed_ms);
}

gboolean store_refusal_close_left(StoreTx *tx, gint64 now, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE refusal SET refused_at = max(?1, asked_at),"
		       " refused_ms = 1000 * max(0, ?1 - asked_at) WHERE refused_at IS NULL",
		       "i", now);
}

static gpointer read_refusal(Sql *query)
{
	Refusal *row = g_new0(Refusal, 1);

	row->id = sql_int(query, 0);
	row->event = sql_text(query, 1);
	row->card = sql_text(query, 2);
	row->scope = sql_text(query, 3);
	row->noticed_at = sql_int(query, 4);
	row->asked_at = sql_int(query, 5);
	row->refused_at = sql_int(query, 6);
	row->refused_ms = sql_int(query, 7);
	row->listed_ms = sql_int(query, 8);
	row->cards = sql_int(query, 9);
	return row;
}

gboolean store_refusal_of_card(StoreTx *tx, const char *card, gint64 asked_at,
			       Refusal **ret_refusal, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM refusal WHERE card = ?1"
					 " AND asked_at <= ?2 ORDER BY id DESC LIMIT 1",
					 "ti", card, asked_at);
	g_autoptr(GPtrArray) list =
		sql_collect(query, read_refusal, (GDestroyNotify) store_refusal_free, error);

	if (list == NULL)
		return FALSE;
	*ret_refusal = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

GPtrArray *store_refusal_list(StoreTx *tx, gint64 before, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM refusal WHERE id < ?1"
					 " ORDER BY id DESC LIMIT ?2",
					 "id", before > 0 ? before : G_MAXINT64, limit);

	return sql_collect(query, read_refusal, (GDestroyNotify) store_refusal_free, error);
}
