/* SPDX-License-Identifier: Apache-2.0
 * Duties and case files in the store. */
#include "daemon/store/store_duty.h"

#include "daemon/store/sql.h"

#define DUTY "id, card, kind, owner_post, reason, due, opened_at, ifnull(closed_at, 0)"

void store_duty_free(Duty *duty)
{
	if (duty == NULL)
		return;
	g_free(duty->id);
	g_free(duty->card);
	g_free(duty->kind);
	g_free(duty->owner_post);
	g_free(duty->reason);
	g_free(duty->due);
	g_free(duty);
}

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
	g_free(file->measure);
	g_free(file->note);
	g_free(file);
}

gboolean store_duty_open(StoreTx *tx, const Duty *duty, GError **error)
{
	return sql_run(tx, error, "INSERT INTO duty VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)",
		       "tttttti", duty->id, duty->card, duty->kind, duty->owner_post, duty->reason,
		       duty->due, duty->opened_at);
}

gboolean store_duty_close(StoreTx *tx, const char *card, gint64 now, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE duty SET closed_at = ?2 WHERE card = ?1 AND closed_at IS NULL", "ti",
		       card, now);
}

static gpointer read_duty(Sql *query)
{
	Duty *duty = g_new0(Duty, 1);

	duty->id = sql_text(query, 0);
	duty->card = sql_text(query, 1);
	duty->kind = sql_text(query, 2);
	duty->owner_post = sql_text(query, 3);
	duty->reason = sql_text(query, 4);
	duty->due = sql_text(query, 5);
	duty->opened_at = sql_int(query, 6);
	duty->closed_at = sql_int(query, 7);
	return duty;
}

static GPtrArray *read_duties(Sql *query, GError **error)
{
	return sql_collect(query, read_duty, (GDestroyNotify) store_duty_free, error);
}

gboolean store_duty_of_card(StoreTx *tx, const char *card, Duty **ret_duty, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " DUTY " FROM duty WHERE card = ?1 AND closed_at IS NULL LIMIT 1",
			  "t", card);
	g_autoptr(GPtrArray) list = read_duties(query, error);

	if (list == NULL)
		return FALSE;
	*ret_duty = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

GPtrArray *store_duty_list(StoreTx *tx, gboolean is_all, const char *after, int limit,
			   GError **error)
{
	g_autoptr(Sql) query = NULL;

	if (is_all)
		query = sql_query(tx, error,
				  "SELECT " DUTY " FROM duty WHERE id > ?1 ORDER BY id LIMIT ?2",
				  "td", after != NULL ? after : "", limit);
	else
		query = sql_query(tx, error,
				  "SELECT " DUTY " FROM duty WHERE closed_at IS NULL"
				  " AND (due, id) > (substr(?1, 1, 10), substr(?1, 12))"
				  " ORDER BY due, id LIMIT ?2",
				  "td", after != NULL ? after : "", limit);
	return read_duties(query, error);
}

gboolean store_duty_case_open(StoreTx *tx, const CaseFile *file, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO case_file VALUES(?1, ?2, ?3, ?4, NULL, nullif(?5, 0),"
		       " nullif(?6, 0), nullif(?7, 0), ?8, ?9, ?10, NULL, ?11)",
		       "tttiiiitttt", file->id, file->card, file->kind, file->opened_at,
		       file->occurred_at, file->noticed_at, file->refused_at, file->reported_by,
		       file->via, file->police_report, file->note);
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
	return file;
}

GPtrArray *store_duty_case_list(StoreTx *tx, const char *after, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT id, card, kind, opened_at, ifnull(closed_at, 0), ifnull(occurred_at, 0),"
		" ifnull(noticed_at, 0), ifnull(refused_at, 0), reported_by, via, police_report,"
		" measure, note FROM case_file WHERE id > ?1 ORDER BY id LIMIT ?2",
		"td", after != NULL ? after : "", limit);

	return sql_collect(query, read_case, (GDestroyNotify) store_duty_case_free, error);
}
