/* SPDX-License-Identifier: Apache-2.0
 * Notices that leave the house in the store. */
#include "daemon/store/store_outbox.h"

#include "daemon/store/sql.h"

void store_outbox_notice_free(OutboxNotice *notice)
{
	if (notice == NULL)
		return;
	g_free(notice->kind);
	g_free(notice->recipient);
	g_free(notice->about);
	g_free(notice->body);
	g_free(notice);
}

gboolean store_outbox_add(StoreTx *tx, const OutboxNotice *notice, gint64 *ret_id, GError **error)
{
	gint64 id;

	if (!store_next(tx, "notice", &id, error) ||
	    !sql_run(tx, error, "INSERT INTO outbox VALUES(?1, ?2, ?3, ?4, ?5, ?6)", "itttti", id,
		     notice->kind, notice->recipient, notice->about, notice->body, notice->at))
		return FALSE;
	*ret_id = id;
	return TRUE;
}

gboolean store_outbox_deliver(StoreTx *tx, gint64 notice, const char *channel, gint64 due,
			      GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO delivery VALUES(?1, ?2, ?3, 0, NULL, NULL, NULL, NULL)", "iti",
		       notice, channel, due);
}

gboolean store_outbox_remind(StoreTx *tx, const char *subject, const char *stage, gint64 at,
			     gboolean *ret_is_new, GError **error)
{
	if (!sql_run(tx, error, "INSERT INTO reminder VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING",
		     "tti", subject, stage, at))
		return FALSE;
	*ret_is_new = sql_changes(tx) > 0;
	return TRUE;
}

void store_outbox_delivery_free(OutboxDelivery *delivery)
{
	if (delivery == NULL)
		return;
	store_outbox_notice_free(delivery->notice);
	g_free(delivery->channel);
	g_free(delivery->reached);
	g_free(delivery->problem);
	g_free(delivery->outcome);
	g_free(delivery);
}

#define DELIVERY                                                                                   \
	"n.id, n.kind, n.recipient, n.about, n.body, n.at, ifnull(d.channel, ''),"                 \
	" ifnull(d.due, 0), ifnull(d.tries, 0), d.reached, d.problem, ifnull(d.ended_at, 0), "     \
	"d.outcome"

static gpointer read_delivery(Sql *query)
{
	OutboxDelivery *delivery = g_new0(OutboxDelivery, 1);
	OutboxNotice *notice = delivery->notice = g_new0(OutboxNotice, 1);

	notice->id = sql_int(query, 0);
	notice->kind = sql_text(query, 1);
	notice->recipient = sql_text(query, 2);
	notice->about = sql_text(query, 3);
	notice->body = sql_text(query, 4);
	notice->at = sql_int(query, 5);
	delivery->channel = sql_text(query, 6);
	delivery->due = sql_int(query, 7);
	delivery->tries = (int) sql_int(query, 8);
	delivery->reached = sql_text(query, 9);
	delivery->problem = sql_text(query, 10);
	delivery->ended_at = sql_int(query, 11);
	delivery->outcome = sql_text(query, 12);
	return delivery;
}

static GPtrArray *read_deliveries(Sql *query, GError **error)
{
	return sql_collect(query, read_delivery, (GDestroyNotify) store_outbox_delivery_free,
			   error);
}

GPtrArray *store_outbox_due(StoreTx *tx, gint64 now, int limit, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " DELIVERY " FROM delivery d JOIN outbox n ON n.id = d.notice"
			  " WHERE d.ended_at IS NULL AND d.due <= ?1 ORDER BY d.due, d.notice"
			  " LIMIT ?2",
			  "id", now, limit);

	return read_deliveries(query, error);
}

gboolean store_outbox_mark(StoreTx *tx, const OutboxDelivery *delivery, gboolean *ret_is_written,
			   GError **error)
{
	if (!sql_run(tx, error,
		     "UPDATE delivery SET due = ?3, tries = ?4, reached = ?5, problem = ?6,"
		     " ended_at = nullif(?7, 0), outcome = ?8"
		     " WHERE notice = ?1 AND channel = ?2 AND ended_at IS NULL",
		     "itidttit", delivery->notice->id, delivery->channel, delivery->due,
		     delivery->tries, delivery->reached, delivery->problem, delivery->ended_at,
		     delivery->outcome))
		return FALSE;
	*ret_is_written = sql_changes(tx) > 0;
	return TRUE;
}

gboolean store_outbox_retry(StoreTx *tx, gint64 notice, gint64 due, int *ret_count, GError **error)
{
	if (!sql_run(tx, error,
		     "UPDATE delivery SET ended_at = NULL, outcome = NULL, tries = 0, due = ?2"
		     " WHERE notice = ?1 AND outcome = 'FAILED'",
		     "ii", notice, due))
		return FALSE;
	*ret_count = sql_changes(tx);
	return TRUE;
}

GPtrArray *store_outbox_list(StoreTx *tx, OutboxWhich which, gint64 before, int limit,
			     GError **error)
{
	gint64 below = before > 0 ? before : G_MAXINT64;
	g_autoptr(Sql) query = NULL;

	if (which == OUTBOX_WAITING)
		query = sql_query(tx, error,
				  "SELECT " DELIVERY
				  " FROM delivery d JOIN outbox n ON n.id = d.notice"
				  " WHERE d.ended_at IS NULL AND d.notice < ?1"
				  " ORDER BY d.notice DESC, d.channel LIMIT ?2",
				  "id", below, limit);
	else if (which == OUTBOX_FAILED)
		query = sql_query(tx, error,
				  "SELECT " DELIVERY
				  " FROM delivery d JOIN outbox n ON n.id = d.notice"
				  " WHERE d.outcome = 'FAILED' AND d.notice < ?1"
				  " ORDER BY d.notice DESC, d.channel LIMIT ?2",
				  "id", below, limit);
	else
		query = sql_query(tx, error,
				  "SELECT " DELIVERY
				  " FROM outbox n LEFT JOIN delivery d ON d.notice = n.id"
				  " WHERE n.id < ?1 ORDER BY n.id DESC, d.channel LIMIT ?2",
				  "id", below, limit);
	return read_deliveries(query, error);
}

static gboolean count_failed(StoreTx *tx, OutboxCounts *counts, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT count(*), min(problem) FROM delivery WHERE outcome = 'FAILED'",
		"");

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		counts->failed = sql_int(query, 0);
		if (counts->problem == NULL)
			counts->problem = sql_text(query, 1);
	}
	return sql_end(query, error);
}

gboolean store_outbox_count(StoreTx *tx, OutboxCounts *ret_counts, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT count(*), count(problem), min(problem) FROM delivery"
			  " WHERE ended_at IS NULL",
			  "");
	OutboxCounts counts = { 0 };

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		counts.waiting = sql_int(query, 0);
		counts.troubled = sql_int(query, 1);
		counts.problem = sql_text(query, 2);
	}
	if (!sql_end(query, error) || !count_failed(tx, &counts, error)) {
		g_free(counts.problem);
		return FALSE;
	}
	*ret_counts = counts;
	return TRUE;
}

gboolean store_outbox_reminded(StoreTx *tx, const char *subject, const char *stage,
			       gboolean *ret_is_given, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT 1 FROM reminder WHERE subject = ?1 AND stage = ?2",
			  "tt", subject, stage);

	if (query == NULL)
		return FALSE;
	*ret_is_given = sql_step(query);
	return sql_end(query, error);
}

gboolean store_outbox_reminders(StoreTx *tx, const char *subject, const char *prefix,
				gint64 *ret_count, gint64 *ret_last, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT count(*), ifnull(max(at), 0) FROM reminder"
			  " WHERE subject = ?1 AND substr(stage, 1, length(?2)) = ?2",
			  "tt", subject, prefix);

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		*ret_count = sql_int(query, 0);
		*ret_last = sql_int(query, 1);
	}
	return sql_end(query, error);
}
