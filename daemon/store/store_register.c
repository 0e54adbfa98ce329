/* SPDX-License-Identifier: Apache-2.0
 * Rows of the issue register. */
#include "daemon/store/store_register.h"

#include "daemon/store/sql.h"

void store_register_row_free(IssueRow *row)
{
	if (row == NULL)
		return;
	g_free(row->card);
	g_free(row->staff);
	g_free(row->issued_on);
	g_free(row->section_code);
	g_free(row->section);
	g_free(row->title);
	g_free(row->name);
	g_free(row->authority);
	g_free(row->returned_on);
	g_free(row->reason);
	g_free(row);
}

gboolean store_register_issue(StoreTx *tx, const IssueRow *row, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO issue_row(card, staff, issued_on, section_code, section, title,"
		       " name, authority) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		       "tttttttt", row->card, row->staff, row->issued_on, row->section_code,
		       row->section, row->title, row->name, row->authority);
}

gboolean store_register_end(StoreTx *tx, const char *card, const char *date, const char *reason,
			    GError **error)
{
	return sql_run(
		tx, error,
		"UPDATE issue_row SET returned_on = ?2, reason = ?3 WHERE returned_on IS NULL"
		" AND id = (SELECT max(id) FROM issue_row WHERE card = ?1)",
		"ttt", card, date, reason);
}

static gpointer read_row(Sql *query)
{
	IssueRow *row = g_new0(IssueRow, 1);

	row->card = sql_text(query, 0);
	row->staff = sql_text(query, 1);
	row->issued_on = sql_text(query, 2);
	row->section_code = sql_text(query, 3);
	row->section = sql_text(query, 4);
	row->title = sql_text(query, 5);
	row->name = sql_text(query, 6);
	row->authority = sql_text(query, 7);
	row->returned_on = sql_text(query, 8);
	row->reason = sql_text(query, 9);
	return row;
}

GPtrArray *store_register_list(StoreTx *tx, const char *date, const char *section, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT card, staff, issued_on, section_code, section, title, name, authority,"
		" CASE WHEN returned_on <= ?1 THEN returned_on END,"
		" CASE WHEN returned_on <= ?1 THEN reason END FROM issue_row"
		" WHERE issued_on <= ?1 AND (?2 IS NULL OR section_code = ?2)"
		" ORDER BY issued_on, id",
		"tt", date, section);

	return sql_collect(query, read_row, (GDestroyNotify) store_register_row_free, error);
}
