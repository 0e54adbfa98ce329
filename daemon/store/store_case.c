/* SPDX-License-Identifier: Apache-2.0
 * Case files in the store. */
#include "daemon/base/error.h"
#include "daemon/store/sql.h"
#include "daemon/store/store_duty.h"

#define CASE                                                                                       \
	"id, card, kind, opened_at, ifnull(closed_at, 0), ifnull(occurred_at, 0),"                 \
	" ifnull(noticed_at, 0), ifnull(refused_at, 0), reported_by, via, police_report, measure," \
	" note, section, content, parties, place, cause, response, other, measure_due, police_on," \
	" closed_by"

void store_duty_case_free(CaseFile *file)
{
	if (file == NULL)
		return;
	g_free(file->id);
	g_free(file->card);
	g_free(file->kind);
	g_free(file->reported_by);
	g_free(file->via);
	g_free(file->police_report);
	g_free(file->police_on);
	g_free(file->section);
	g_free(file->content);
	g_free(file->parties);
	g_free(file->place);
	g_free(file->note);
	g_free(file->cause);
	g_free(file->response);
	g_free(file->other);
	g_free(file->measure);
	g_free(file->measure_due);
	g_free(file->closed_by);
	g_free(file);
}

gboolean store_duty_case_open(StoreTx *tx, const CaseFile *file, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO case_file(id, card, kind, opened_at, reported_by, section)"
		       " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
		       "tttitt", file->id, file->card, file->kind, file->opened_at,
		       file->reported_by, file->section) &&
	       store_duty_case_put(tx, file, error);
}

gboolean store_duty_case_put(StoreTx *tx, const CaseFile *file, GError **error)
{
	return sql_run(
		tx, error,
		"UPDATE case_file SET closed_at = nullif(?2, 0), occurred_at = nullif(?3, 0),"
		" noticed_at = nullif(?4, 0), refused_at = nullif(?5, 0), via = ?6,"
		" police_report = ?7, police_on = ?8, content = ?9, parties = ?10,"
		" place = ?11, note = ?12, cause = ?13, response = ?14, other = ?15,"
		" measure = ?16, measure_due = ?17, closed_by = ?18 WHERE id = ?1",
		"tiiiittttttttttttt", file->id, file->closed_at, file->occurred_at,
		file->noticed_at, file->refused_at, file->via, file->police_report, file->police_on,
		file->content, file->parties, file->place, file->note, file->cause, file->response,
		file->other, file->measure, file->measure_due, file->closed_by);
}

gboolean store_duty_case_police(StoreTx *tx, const char *card, const char *report, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE case_file SET police_report = ?2, kind = 'stolen'"
		       " WHERE card = ?1 AND closed_at IS NULL",
		       "tt", card, report);
}

static gpointer read_case(Sql *query)
{
	CaseFile *file = g_new0(CaseFile, 1);

	file->id = sql_text(query, 0);
	file->card = sql_text(query, 1);
	file->kind = sql_text(query, 2);
	file->opened_at = sql_int(query, 3);
	file->closed_at = sql_int(query, 4);
	file->occurred_at = sql_int(query, 5);
	file->noticed_at = sql_int(query, 6);
	file->refused_at = sql_int(query, 7);
	file->reported_by = sql_text(query, 8);
	file->via = sql_text(query, 9);
	file->police_report = sql_text(query, 10);
	file->measure = sql_text(query, 11);
	file->note = sql_text(query, 12);
	file->section = sql_text(query, 13);
	file->content = sql_text(query, 14);
	file->parties = sql_text(query, 15);
	file->place = sql_text(query, 16);
	file->cause = sql_text(query, 17);
	file->response = sql_text(query, 18);
	file->other = sql_text(query, 19);
	file->measure_due = sql_text(query, 20);
	file->police_on = sql_text(query, 21);
	file->closed_by = sql_text(query, 22);
	return file;
}

static GPtrArray *read_cases(Sql *query, GError **error)
{
	return sql_collect(query, read_case, (GDestroyNotify) store_duty_case_free, error);
}

CaseFile *store_duty_case_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " CASE " FROM case_file WHERE id = ?1", "t", id);
	g_autoptr(GPtrArray) list = read_cases(query, error);

	if (list != NULL && list->len == 0)
		error_set(error, ERROR_NOT_FOUND, N_("there is no case %s"), id);
	return list != NULL && list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

GPtrArray *store_duty_case_list(StoreTx *tx, const char *section, const char *after, int limit,
				GError **error)
{
	const char *from = after != NULL ? after : "";
	g_autoptr(Sql) query = NULL;

	if (section != NULL)
		query = sql_query(tx, error,
				  "SELECT " CASE " FROM case_file WHERE section = ?3 AND id > ?1"
				  " ORDER BY id LIMIT ?2",
				  "tdt", from, limit, section);
	else
		query = sql_query(tx, error,
				  "SELECT " CASE
				  " FROM case_file WHERE id > ?1 ORDER BY id LIMIT ?2",
				  "td", from, limit);
	return read_cases(query, error);
}

GPtrArray *store_duty_case_open_list(StoreTx *tx, gint64 until, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " CASE " FROM case_file WHERE closed_at IS NULL"
					 " AND opened_at <= ?1 ORDER BY opened_at, id LIMIT ?2",
					 "id", until, limit);

	return read_cases(query, error);
}
