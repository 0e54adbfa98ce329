/* SPDX-License-Identifier: Apache-2.0
 * Orders behind 職権停止. */
#include "daemon/store/store_order.h"

#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"id, card, number, ordered_on, refused_on, criterion, decided_by, note, opened_at,"        \
	" opened_by, ifnull(lifted_at, 0), lifted_by, lifted_second"

void store_order_free(StopOrder *row)
{
	if (row == NULL)
		return;
	g_free(row->id);
	g_free(row->card);
	g_free(row->number);
	g_free(row->ordered_on);
	g_free(row->refused_on);
	g_free(row->criterion);
	g_free(row->decided_by);
	g_free(row->note);
	g_free(row->opened_by);
	g_free(row->lifted_by);
	g_free(row->lifted_second);
	g_free(row);
}

static gpointer read_row(Sql *query)
{
	StopOrder *row = g_new0(StopOrder, 1);

	row->id = sql_text(query, 0);
	row->card = sql_text(query, 1);
	row->number = sql_text(query, 2);
	row->ordered_on = sql_text(query, 3);
	row->refused_on = sql_text(query, 4);
	row->criterion = sql_text(query, 5);
	row->decided_by = sql_text(query, 6);
	row->note = sql_text(query, 7);
	row->opened_at = sql_int(query, 8);
	row->opened_by = sql_text(query, 9);
	row->lifted_at = sql_int(query, 10);
	row->lifted_by = sql_text(query, 11);
	row->lifted_second = sql_text(query, 12);
	return row;
}

gboolean store_order_insert(StoreTx *tx, const StopOrder *row, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO stop_order VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		       " NULL, NULL, NULL)",
		       "ttttttttit", row->id, row->card, row->number, row->ordered_on,
		       row->refused_on, row->criterion, row->decided_by, row->note, row->opened_at,
		       row->opened_by);
}

gboolean store_order_lift(StoreTx *tx, const StopOrder *row, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE stop_order SET lifted_at = ?2, lifted_by = ?3, lifted_second = ?4"
		       " WHERE card = ?1 AND lifted_at IS NULL",
		       "titt", row->card, row->lifted_at, row->lifted_by, row->lifted_second);
}

GPtrArray *store_order_list(StoreTx *tx, const char *after, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " COLUMNS " FROM stop_order WHERE id > ?1 ORDER BY id LIMIT ?2",
		"td", after != NULL ? after : "", limit);

	return sql_collect(query, read_row, (GDestroyNotify) store_order_free, error);
}
