/* SPDX-License-Identifier: Apache-2.0
 * Duties and case files in the store. */
#include "daemon/store/store_duty.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define DUTY "id, card, kind, owner_post, reason, due, opened_at, ifnull(closed_at, 0), section"

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
	g_free(duty->section);
	g_free(duty);
}

gboolean store_duty_open(StoreTx *tx, const Duty *duty, GError **error)
{
	return sql_run(tx, error, "INSERT INTO duty VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8)",
		       "ttttttit", duty->id, duty->card, duty->kind, duty->owner_post, duty->reason,
		       duty->due, duty->opened_at, duty->section);
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
	duty->section = sql_text(query, 8);
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

Duty *store_duty_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " DUTY " FROM duty WHERE id = ?1", "t", id);
	g_autoptr(GPtrArray) list = read_duties(query, error);

	if (list != NULL && list->len == 0)
		error_set(error, ERROR_NOT_FOUND, N_("there is no duty %s"), id);
	return list != NULL && list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

#define OPEN_PAGE                                                                                  \
	" AND closed_at IS NULL AND (due, id) > (substr(?1, 1, 10), substr(?1, 12))"               \
	" ORDER BY due, id LIMIT ?2"

GPtrArray *store_duty_list(StoreTx *tx, const StoreDutyFilter *filter, GError **error)
{
	const char *after = filter->after != NULL ? filter->after : "";
	g_autoptr(Sql) query = NULL;

	if (filter->is_all && filter->section != NULL)
		query = sql_query(tx, error,
				  "SELECT " DUTY " FROM duty WHERE id > ?1 AND section = ?3"
				  " ORDER BY id LIMIT ?2",
				  "tdt", after, filter->limit, filter->section);
	else if (filter->is_all)
		query = sql_query(tx, error,
				  "SELECT " DUTY " FROM duty WHERE id > ?1 ORDER BY id LIMIT ?2",
				  "td", after, filter->limit);
	else if (filter->section != NULL)
		query = sql_query(tx, error,
				  "SELECT " DUTY " FROM duty WHERE section = ?3" OPEN_PAGE, "tdt",
				  after, filter->limit, filter->section);
	else
		query = sql_query(tx, error, "SELECT " DUTY " FROM duty WHERE 1" OPEN_PAGE, "td",
				  after, filter->limit);
	return read_duties(query, error);
}

gboolean store_duty_count(StoreTx *tx, const char *section, const char *today, gint64 ret_counts[2],
			  GError **error)
{
	g_autoptr(Sql) query = NULL;
	gint64 counts[2] = { 0, 0 };

	if (section != NULL)
		query = sql_query(tx, error,
				  "SELECT count(*), ifnull(sum(due < ?1), 0) FROM duty"
				  " WHERE section = ?2 AND closed_at IS NULL",
				  "tt", today, section);
	else
		query = sql_query(tx, error,
				  "SELECT count(*), ifnull(sum(due < ?1), 0) FROM duty"
				  " WHERE closed_at IS NULL",
				  "t", today);
	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		counts[0] = sql_int(query, 0);
		counts[1] = sql_int(query, 1);
	}
	if (!sql_end(query, error))
		return FALSE;
	memcpy(ret_counts, counts, sizeof(counts));
	return TRUE;
}
