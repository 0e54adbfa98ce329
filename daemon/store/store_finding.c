/* SPDX-License-Identifier: Apache-2.0
 * Rows of the register of findings. */
#include "daemon/store/store_finding.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"id, source, reference, content, owner, due, opened_at, opened_by, measure,"               \
	" ifnull(answered_at, 0), answered_by, ifnull(closed_at, 0), closed_by, note"

void store_finding_free(AuditFinding *row)
{
	if (row == NULL)
		return;
	g_free(row->id);
	g_free(row->source);
	g_free(row->reference);
	g_free(row->content);
	g_free(row->owner);
	g_free(row->due);
	g_free(row->opened_by);
	g_free(row->measure);
	g_free(row->answered_by);
	g_free(row->closed_by);
	g_free(row->note);
	g_free(row);
}

static gpointer read_row(Sql *query)
{
	AuditFinding *row = g_new0(AuditFinding, 1);

	row->id = sql_text(query, 0);
	row->source = sql_text(query, 1);
	row->reference = sql_text(query, 2);
	row->content = sql_text(query, 3);
	row->owner = sql_text(query, 4);
	row->due = sql_text(query, 5);
	row->opened_at = sql_int(query, 6);
	row->opened_by = sql_text(query, 7);
	row->measure = sql_text(query, 8);
	row->answered_at = sql_int(query, 9);
	row->answered_by = sql_text(query, 10);
	row->closed_at = sql_int(query, 11);
	row->closed_by = sql_text(query, 12);
	row->note = sql_text(query, 13);
	return row;
}

static GPtrArray *read_rows(Sql *query, GError **error)
{
	return sql_collect(query, read_row, (GDestroyNotify) store_finding_free, error);
}

gboolean store_finding_put(StoreTx *tx, const AuditFinding *row, GError **error)
{
	return sql_run(
		tx, error,
		"INSERT INTO finding VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
		" nullif(?10, 0), ?11, nullif(?12, 0), ?13, ?14)"
		" ON CONFLICT(id) DO UPDATE SET measure = ?9, answered_at = nullif(?10, 0),"
		" answered_by = ?11, closed_at = nullif(?12, 0), closed_by = ?13, note = ?14",
		"ttttttittititt", row->id, row->source, row->reference, row->content, row->owner,
		row->due, row->opened_at, row->opened_by, row->measure, row->answered_at,
		row->answered_by, row->closed_at, row->closed_by, row->note);
}

AuditFinding *store_finding_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " COLUMNS " FROM finding WHERE id = ?1", "t", id);
	g_autoptr(GPtrArray) rows = read_rows(query, error);

	if (rows == NULL)
		return NULL;
	if (rows->len == 0) {
		error_set(error, ERROR_NOT_FOUND, N_("there is no finding %s"), id);
		return NULL;
	}
	return g_ptr_array_steal_index(rows, 0);
}

GPtrArray *store_finding_list(StoreTx *tx, const char *after, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " COLUMNS " FROM finding WHERE id > ?1 ORDER BY id LIMIT ?2",
		"td", after != NULL ? after : "", limit);

	return read_rows(query, error);
}

GPtrArray *store_finding_due(StoreTx *tx, const char *day, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM finding WHERE closed_at IS NULL"
					 " AND due < ?1 ORDER BY due, id LIMIT ?2",
					 "td", day, limit);

	return read_rows(query, error);
}
