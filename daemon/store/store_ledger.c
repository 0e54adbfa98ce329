/* SPDX-License-Identifier: Apache-2.0
 * The ledger's rows. */
#include "daemon/store/store_ledger.h"

#include <string.h>

#include "daemon/store/sql.h"

#define COLUMNS "seq, at, entered_at, kind, article, actor, second, card, staff, body, hash"

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
	row->hash = sql_bytes(query, 10);
	return row;
}

static GPtrArray *read_rows(Sql *query, GError **error)
{
	return sql_collect(query, read_row, (GDestroyNotify) store_ledger_row_free, error);
}

gboolean store_ledger_tip(StoreTx *tx, gint64 *ret_seq, guint8 ret_hash[STORE_LEDGER_HASH],
			  GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT seq, hash FROM ledger_record ORDER BY seq DESC LIMIT 1", "");

	if (query == NULL)
		return FALSE;
	*ret_seq = 0;
	memset(ret_hash, 0, STORE_LEDGER_HASH);
	if (sql_step(query)) {
		const guint8 *hash = sql_peek_sized(query, 1, STORE_LEDGER_HASH);

		*ret_seq = sql_int(query, 0);
		if (hash != NULL)
			memcpy(ret_hash, hash, STORE_LEDGER_HASH);
	}
	return sql_end(query, error);
}

gboolean store_ledger_lowest(StoreTx *tx, gint64 *ret_seq, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT ifnull(min(seq), 0) FROM ledger_record", "");

	if (query == NULL || !sql_step(query))
		return query != NULL && sql_end(query, error);
	*ret_seq = sql_int(query, 0);
	return TRUE;
}

gboolean store_ledger_append(StoreTx *tx, const LedgerRaw *row, GError **error)
{
	g_autoptr(GBytes) sealed = g_bytes_new(row->sealed, STORE_LEDGER_HASH);
	g_autoptr(GBytes) hash = g_bytes_new(row->hash, STORE_LEDGER_HASH);
	g_autoptr(GBytes) salt = g_bytes_new(row->salt, STORE_LEDGER_SALT);

	return sql_run(tx, error,
		       "INSERT INTO ledger_record(seq, record, sealed, hash) VALUES(?1, ?2, ?3, "
		       "?4)",
		       "itbb", row->seq, row->record, sealed, hash) &&
	       sql_run(tx, error, "INSERT INTO ledger_personal VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
		       "ibtttt", row->seq, salt, row->actor, row->second, row->staff, row->body);
}

gboolean store_ledger_walk(StoreTx *tx, gint64 first, gint64 end, LedgerTake take, gpointer data,
			   GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT r.seq, r.record, r.sealed, r.hash, p.seq IS NOT NULL, p.salt, p.actor,"
		" p.second, p.staff, p.body FROM ledger_record r LEFT JOIN ledger_personal p"
		" ON p.seq = r.seq WHERE r.seq >= ?1 AND r.seq < ?2 ORDER BY r.seq",
		"ii", first, end);

	while (query != NULL && sql_step(query)) {
		LedgerRaw row = {
			.seq = sql_int(query, 0),
			.record = sql_peek(query, 1),
			.length = sql_length(query, 1),
			.sealed = sql_peek_sized(query, 2, STORE_LEDGER_HASH),
			.hash = sql_peek_sized(query, 3, STORE_LEDGER_HASH),
			.has_personal = sql_int(query, 4) != 0,
			.salt = sql_peek_sized(query, 5, STORE_LEDGER_SALT),
			.actor = sql_peek(query, 6),
			.second = sql_peek(query, 7),
			.staff = sql_peek(query, 8),
			.body = sql_peek(query, 9),
		};

		if (!take(&row, data))
			return TRUE;
	}
	return query != NULL && sql_end(query, error);
}

gboolean store_ledger_hashes(StoreTx *tx, gint64 first, gint64 end, LedgerTakeHash take,
			     gpointer data, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT seq, substr(record, 1, 1), hash FROM ledger_record WHERE seq >= ?1"
		" AND seq < ?2 ORDER BY seq",
		"ii", first, end);

	while (query != NULL && sql_step(query))
		if (!take(sql_int(query, 0), (int) sql_int(query, 1),
			  sql_peek_sized(query, 2, STORE_LEDGER_HASH), data))
			return TRUE;
	return query != NULL && sql_end(query, error);
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

GPtrArray *store_ledger_own(StoreTx *tx, const char *kind, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM ledger WHERE kind = ?1 AND kind IN"
			  " ('audit-key', 'audit-dispose', 'audit-report', 'audit-sign-off',"
			  " 'emergency-stop', 'emergency-resume') ORDER BY seq",
			  "t", kind);

	return read_rows(query, error);
}

GPtrArray *store_ledger_cards_at(StoreTx *tx, gint64 until, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT " COLUMNS " FROM ledger WHERE seq IN (SELECT max(seq) FROM ledger_record"
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

gboolean store_ledger_card_at(StoreTx *tx, const char *card, gint64 until, LedgerRow **ret_row,
			      GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM ledger WHERE card = ?1 AND at <= ?2"
			  " ORDER BY seq DESC LIMIT 1",
			  "ti", card, until);
	g_autoptr(GPtrArray) rows = read_rows(query, error);

	if (rows == NULL)
		return FALSE;
	*ret_row = rows->len > 0 ? g_ptr_array_steal_index(rows, 0) : NULL;
	return TRUE;
}

static gboolean entered_at(StoreTx *tx, gint64 seq, gint64 *ret_at, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT entered_at FROM ledger_record WHERE seq = ?1", "i", seq);

	if (query == NULL)
		return FALSE;
	*ret_at = sql_step(query) ? sql_int(query, 0) : 0;
	return sql_end(query, error);
}

gboolean store_ledger_since(StoreTx *tx, gint64 moment, gint64 *ret_seq, GError **error)
{
	guint8 hash[STORE_LEDGER_HASH];
	gint64 low = 1, high, at;

	if (!store_ledger_tip(tx, &high, hash, error))
		return FALSE;
	high++;
	while (low < high) {
		gint64 middle = low + (high - low) / 2;

		if (!entered_at(tx, middle, &at, error))
			return FALSE;
		if (at < moment)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_seq = low;
	return TRUE;
}
