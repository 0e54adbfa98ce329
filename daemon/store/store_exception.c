/* SPDX-License-Identifier: Apache-2.0
 * Rows of the register of exceptions. */
#include "daemon/store/store_exception.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"id, kind, subject, content, reason, source, until, review_due, opened_at, opened_by,"     \
	" ifnull(approved_at, 0), approved_by, ifnull(reviewed_at, 0), reviewed_by,"               \
	" ifnull(ended_at, 0), ended_by, note"

void store_exception_free(Exception *row)
{
	if (row == NULL)
		return;
	g_free(row->id);
	g_free(row->kind);
	g_free(row->subject);
	g_free(row->content);
	g_free(row->reason);
	g_free(row->source);
	g_free(row->until);
	g_free(row->review_due);
	g_free(row->opened_by);
	g_free(row->approved_by);
	g_free(row->reviewed_by);
	g_free(row->ended_by);
	g_free(row->note);
	g_free(row);
}

static gpointer read_row(Sql *query)
{
	Exception *row = g_new0(Exception, 1);

	row->id = sql_text(query, 0);
	row->kind = sql_text(query, 1);
	row->subject = sql_text(query, 2);
	row->content = sql_text(query, 3);
	row->reason = sql_text(query, 4);
	row->source = sql_text(query, 5);
	row->until = sql_text(query, 6);
	row->review_due = sql_text(query, 7);
	row->opened_at = sql_int(query, 8);
	row->opened_by = sql_text(query, 9);
	row->approved_at = sql_int(query, 10);
	row->approved_by = sql_text(query, 11);
	row->reviewed_at = sql_int(query, 12);
	row->reviewed_by = sql_text(query, 13);
	row->ended_at = sql_int(query, 14);
	row->ended_by = sql_text(query, 15);
	row->note = sql_text(query, 16);
	return row;
}

static GPtrArray *read_rows(Sql *query, GError **error)
{
	return sql_collect(query, read_row, (GDestroyNotify) store_exception_free, error);
}

gboolean store_exception_put(StoreTx *tx, const Exception *row, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO exception VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		       " nullif(?11, 0), ?12, nullif(?13, 0), ?14, nullif(?15, 0), ?16, ?17)"
		       " ON CONFLICT(id) DO UPDATE SET until = ?7, review_due = ?8,"
		       " approved_at = nullif(?11, 0), approved_by = ?12,"
		       " reviewed_at = nullif(?13, 0), reviewed_by = ?14,"
		       " ended_at = nullif(?15, 0), ended_by = ?16, note = ?17",
		       "ttttttttititititt", row->id, row->kind, row->subject, row->content,
		       row->reason, row->source, row->until, row->review_due, row->opened_at,
		       row->opened_by, row->approved_at, row->approved_by, row->reviewed_at,
		       row->reviewed_by, row->ended_at, row->ended_by, row->note);
}

Exception *store_exception_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " COLUMNS " FROM exception WHERE id = ?1", "t", id);
	g_autoptr(GPtrArray) rows = read_rows(query, error);

	if (rows == NULL)
		return NULL;
	if (rows->len == 0) {
		error_set(error, ERROR_NOT_FOUND, N_("there is no exception %s"), id);
		return NULL;
	}
	return g_ptr_array_steal_index(rows, 0);
}

GPtrArray *store_exception_for(StoreTx *tx, const char *kind, const char *subject,
			       const char *today, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT " COLUMNS " FROM exception WHERE kind = ?1 AND subject IN (?2, 'all')"
		" AND until >= ?3 AND ended_at IS NULL ORDER BY id",
		"ttt", kind, subject, today);

	return read_rows(query, error);
}

GPtrArray *store_exception_from(StoreTx *tx, const char *source, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM exception WHERE source = ?1"
					 " AND ended_at IS NULL ORDER BY id",
					 "t", source);

	return read_rows(query, error);
}

GPtrArray *store_exception_list(StoreTx *tx, gboolean is_open, const char *after, int limit,
				GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM exception WHERE id > ?1"
					 " AND (NOT ?2 OR ended_at IS NULL) ORDER BY id LIMIT ?3",
					 "tdd", after != NULL ? after : "", is_open, limit);

	return read_rows(query, error);
}
