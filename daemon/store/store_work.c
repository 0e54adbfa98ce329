/* SPDX-License-Identifier: Apache-2.0
 * Work records, settings last recorded, yearly tasks done. */
#include "daemon/store/store_work.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"id, kind, content, before, after, needs_second, opened_at, opened_by,"                    \
	" ifnull(done_at, 0), done_by, tests, result, ifnull(confirmed_at, 0), confirmed_by, note"

void store_work_free(WorkRow *row)
{
	if (row == NULL)
		return;
	g_free(row->id);
	g_free(row->kind);
	g_free(row->content);
	g_free(row->before);
	g_free(row->after);
	g_free(row->opened_by);
	g_free(row->done_by);
	g_free(row->tests);
	g_free(row->result);
	g_free(row->confirmed_by);
	g_free(row->note);
	g_free(row);
}

static gpointer read_row(Sql *query)
{
	WorkRow *row = g_new0(WorkRow, 1);

	row->id = sql_text(query, 0);
	row->kind = sql_text(query, 1);
	row->content = sql_text(query, 2);
	row->before = sql_text(query, 3);
	row->after = sql_text(query, 4);
	row->needs_second = sql_int(query, 5) != 0;
	row->opened_at = sql_int(query, 6);
	row->opened_by = sql_text(query, 7);
	row->done_at = sql_int(query, 8);
	row->done_by = sql_text(query, 9);
	row->tests = sql_text(query, 10);
	row->result = sql_text(query, 11);
	row->confirmed_at = sql_int(query, 12);
	row->confirmed_by = sql_text(query, 13);
	row->note = sql_text(query, 14);
	return row;
}

static GPtrArray *read_rows(Sql *query, GError **error)
{
	return sql_collect(query, read_row, (GDestroyNotify) store_work_free, error);
}

gboolean store_work_put(StoreTx *tx, const WorkRow *row, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO work_record VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
		       " nullif(?9, 0), ?10, ?11, ?12, nullif(?13, 0), ?14, ?15)"
		       " ON CONFLICT(id) DO UPDATE SET done_at = nullif(?9, 0), done_by = ?10,"
		       " tests = ?11, result = ?12, confirmed_at = nullif(?13, 0),"
		       " confirmed_by = ?14, note = ?15",
		       "tttttdititttitt", row->id, row->kind, row->content, row->before, row->after,
		       row->needs_second, row->opened_at, row->opened_by, row->done_at,
		       row->done_by, row->tests, row->result, row->confirmed_at, row->confirmed_by,
		       row->note);
}

WorkRow *store_work_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " COLUMNS " FROM work_record WHERE id = ?1", "t", id);
	g_autoptr(GPtrArray) rows = read_rows(query, error);

	if (rows == NULL)
		return NULL;
	if (rows->len == 0) {
		error_set(error, ERROR_NOT_FOUND, N_("there is no work record %s"), id);
		return NULL;
	}
	return g_ptr_array_steal_index(rows, 0);
}

GPtrArray *store_work_list(StoreTx *tx, gboolean is_waiting, const char *after, int limit,
			   GError **error)
{
	const char *from = after != NULL ? after : "";
	g_autoptr(Sql) query = NULL;

	if (is_waiting)
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM work_record WHERE id > ?1"
				  " AND needs_second = 1 AND confirmed_at IS NULL"
				  " ORDER BY id LIMIT ?2",
				  "td", from, limit);
	else
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM work_record WHERE id > ?1"
				  " ORDER BY id LIMIT ?2",
				  "td", from, limit);
	return read_rows(query, error);
}

GHashTable *store_work_settings(StoreTx *tx, GError **error)
{
	g_autoptr(GHashTable) settings =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(Sql) query = sql_query(tx, error, "SELECT key, value FROM setting", "");

	if (query == NULL)
		return NULL;
	while (sql_step(query))
		g_hash_table_insert(settings, sql_text(query, 0), sql_text(query, 1));
	return sql_end(query, error) ? g_steal_pointer(&settings) : NULL;
}

gboolean store_work_set(StoreTx *tx, const char *key, const char *value, GError **error)
{
	if (value == NULL)
		return sql_run(tx, error, "DELETE FROM setting WHERE key = ?1", "t", key);
	return sql_run(tx, error,
		       "INSERT INTO setting VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
		       "tt", key, value);
}

static Sql *count_query(StoreTx *tx, WorkCount what, const char *today, GError **error)
{
	switch (what) {
	case WORK_COUNT_STAFF:
		return sql_query(tx, error, "SELECT count(*) FROM person", "");
	case WORK_COUNT_SECTIONS:
		return sql_query(tx, error, "SELECT count(*) FROM section", "");
	case WORK_COUNT_CARDS:
		return sql_query(
			tx, error,
			"SELECT ifnull(sum(n), 0) FROM card_count WHERE state <> 'SUSPENDED'", "");
	case WORK_COUNT_HOLIDAYS:
		return sql_query(tx, error, "SELECT count(*) FROM holiday", "");
	case WORK_COUNT_DESIGNATIONS:
		return sql_query(tx, error,
				 "SELECT count(*) FROM designation"
				 " WHERE until IS NULL OR until >= ?1",
				 "t", today);
	case _WORK_COUNT_MAX:
		break;
	}
	g_return_val_if_reached(NULL);
}

gboolean store_work_count(StoreTx *tx, WorkCount what, const char *today, gint64 *ret_count,
			  GError **error)
{
	g_autoptr(Sql) query = count_query(tx, what, today, error);

	if (query == NULL)
		return FALSE;
	if (sql_step(query))
		*ret_count = sql_int(query, 0);
	return sql_end(query, error);
}

gboolean store_work_first(StoreTx *tx, gint64 *ret_at, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT entered_at FROM ledger WHERE seq = 1", "");

	if (query == NULL)
		return FALSE;
	*ret_at = sql_step(query) ? sql_int(query, 0) : 0;
	return sql_end(query, error);
}

void store_work_yearly_free(YearlyDone *done)
{
	if (done == NULL)
		return;
	g_free(done->kind);
	g_free(done->done_on);
	g_free(done->reference);
	g_free(done->entered_by);
	g_free(done->note);
	g_free(done);
}

gboolean store_work_yearly_put(StoreTx *tx, const YearlyDone *done, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO yearly_task VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
		       " ON CONFLICT DO UPDATE SET done_on = ?3, reference = ?4, entered_at = ?5,"
		       " entered_by = ?6, note = ?7",
		       "dtttitt", done->fiscal_year, done->kind, done->done_on, done->reference,
		       done->entered_at, done->entered_by, done->note);
}

gboolean store_work_yearly_get(StoreTx *tx, int fiscal_year, const char *kind,
			       YearlyDone **ret_done, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT done_on, reference, entered_at, entered_by, note FROM yearly_task"
			  " WHERE fiscal_year = ?1 AND kind = ?2",
			  "dt", fiscal_year, kind);
	YearlyDone *done = NULL;

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		done = g_new0(YearlyDone, 1);
		done->fiscal_year = fiscal_year;
		done->kind = g_strdup(kind);
		done->done_on = sql_text(query, 0);
		done->reference = sql_text(query, 1);
		done->entered_at = sql_int(query, 2);
		done->entered_by = sql_text(query, 3);
		done->note = sql_text(query, 4);
	}
	*ret_done = done;
	return sql_end(query, error);
}
