/* SPDX-License-Identifier: Apache-2.0
 * The ledger's rows. */
#include "daemon/store/store_ledger.h"

#include "daemon/store/sql.h"

#define COLUMNS "seq, at, entered_at, kind, article, actor, second, card, staff, body, prev, hash"

void store_ledger_row_free(LedgerRow *row)
{
	if (row == NULL)
		return;
	g_free(row->kind);
	g_free(row->article);
	g_free(row->actor);
	g_free(row->second);
	g_free(row->card);
	g_free(row->staff);
	g_free(row->body);
	g_clear_pointer(&row->prev, g_bytes_unref);
	g_clear_pointer(&row->hash, g_bytes_unref);
	g_free(row);
}

static gpointer read_row(Sql *query)
{
	LedgerRow *row = g_new0(LedgerRow, 1);

	row->seq = sql_int(query, 0);
	row->at = sql_int(query, 1);
	row->entered_at = sql_int(query, 2);
	row->kind = sql_text(query, 3);
	row->article = sql_text(query, 4);
	row->actor = sql_text(query, 5);
	row->second = sql_text(query, 6);
	row->card = sql_text(query, 7);
	row->staff = sql_text(query, 8);
	row->body = sql_text(query, 9);
	row->prev = sql_bytes(query, 10);
	row->hash = sql_bytes(query, 11);
	return row;
}

static GPtrArray *read_rows(Sql *query, GError **error)
{
	return sql_collect(query, read_row, (GDestroyNotify) store_ledger_row_free, error);
}

gboolean store_ledger_last(StoreTx *tx, LedgerRow **ret_row, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " COLUMNS " FROM ledger ORDER BY seq DESC LIMIT 1", "");
	g_autoptr(GPtrArray) rows = read_rows(query, error);

	if (rows == NULL)
		return FALSE;
	*ret_row = rows->len > 0 ? g_ptr_array_steal_index(rows, 0) : NULL;
	return TRUE;
}

gboolean store_ledger_append(StoreTx *tx, const LedgerRow *row, GError **error)
{
	return sql_run(
		tx, error,
		"INSERT INTO ledger VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
		"iiitttttttbb", row->seq, row->at, row->entered_at, row->kind, row->article,
		row->actor, row->second, row->card, row->staff, row->body, row->prev, row->hash);
}

GPtrArray *store_ledger_list(StoreTx *tx, const LedgerFilter *filter, GError **error)
{
	g_autoptr(Sql) query = NULL;

	if (filter->card != NULL)
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM ledger WHERE card = ?1 AND seq > ?2"
				  " AND (?3 IS NULL OR kind = ?3) ORDER BY seq LIMIT ?4",
				  "titd", filter->card, filter->after, filter->kind, filter->limit);
	else if (filter->staff != NULL)
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM ledger WHERE staff = ?1 AND seq > ?2"
				  " AND (?3 IS NULL OR kind = ?3) ORDER BY seq LIMIT ?4",
				  "titd", filter->staff, filter->after, filter->kind,
				  filter->limit);
	else
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM ledger WHERE seq > ?1"
				  " AND (?2 IS NULL OR kind = ?2) ORDER BY seq LIMIT ?3",
				  "itd", filter->after, filter->kind, filter->limit);
	return read_rows(query, error);
}

GPtrArray *store_ledger_cards_at(StoreTx *tx, gint64 until, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM ledger WHERE seq IN (SELECT max(seq) FROM ledger"
			  " WHERE card IS NOT NULL AND at <= ?1 GROUP BY card) ORDER BY card",
			  "i", until);

	return read_rows(query, error);
}

gboolean store_ledger_newest(StoreTx *tx, const char *staff, const char *kind, gint64 until,
			     gint64 *ret_seq, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT ifnull(max(seq), 0) FROM ledger WHERE staff = ?1 AND kind = ?2"
			  " AND at <= ?3",
			  "tti", staff, kind, until);

	if (query == NULL || !sql_step(query))
		return FALSE;
	*ret_seq = sql_int(query, 0);
	return TRUE;
}
