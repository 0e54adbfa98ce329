/* SPDX-License-Identifier: Apache-2.0
 * Standing approvals in the store. */
#include "daemon/store/store_standing.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS "id, section, until, paper, by, at, ifnull(ended_at, 0)"

void store_standing_free(Standing *standing)
{
	if (standing == NULL)
		return;
	g_free(standing->id);
	g_free(standing->section);
	g_free(standing->until);
	g_free(standing->paper);
	g_free(standing->by);
	g_free(standing);
}

gboolean store_standing_add(StoreTx *tx, const Standing *standing, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO standing_approval(id, section, until, paper, by, at)"
		       " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
		       "ttttti", standing->id, standing->section, standing->until, standing->paper,
		       standing->by, standing->at);
}

gboolean store_standing_end(StoreTx *tx, const char *id, gint64 now, const char *by, GError **error)
{
	if (!sql_run(tx, error,
		     "UPDATE standing_approval SET ended_at = ?2, ended_by = ?3"
		     " WHERE id = ?1 AND ended_at IS NULL",
		     "tit", id, now, by))
		return FALSE;
	return sql_changes(tx) == 1 || error_set(error, ERROR_NOT_FOUND,
						 N_("there is no standing approval %s in force; "
						    "`opcardctl lend-approval list` "
						    "shows them"),
						 id);
}

static gpointer read_standing(Sql *query)
{
	Standing *row = g_new0(Standing, 1);

	row->id = sql_text(query, 0);
	row->section = sql_text(query, 1);
	row->until = sql_text(query, 2);
	row->paper = sql_text(query, 3);
	row->by = sql_text(query, 4);
	row->at = sql_int(query, 5);
	row->ended_at = sql_int(query, 6);
	return row;
}

gboolean store_standing_of(StoreTx *tx, const char *section, const char *date,
			   Standing **ret_standing, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM standing_approval"
			  " WHERE section = ?1 AND until >= ?2 AND ended_at IS NULL LIMIT 1",
			  "tt", section, date);
	g_autoptr(GPtrArray) list =
		sql_collect(query, read_standing, (GDestroyNotify) store_standing_free, error);

	if (list == NULL)
		return FALSE;
	*ret_standing = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

GPtrArray *store_standing_list(StoreTx *tx, const char *before, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM standing_approval WHERE id < ?1"
					 " ORDER BY id DESC LIMIT ?2",
					 "td", before != NULL ? before : "T", limit);

	return sql_collect(query, read_standing, (GDestroyNotify) store_standing_free, error);
}
