/* SPDX-License-Identifier: Apache-2.0
 * Holds, and the work of a disposal in small steps. */
#include "daemon/store/store_trail.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define HELD                                                                                       \
	" EXISTS(SELECT 1 FROM ledger_hold h WHERE h.ended_at IS NULL AND (h.card = r.card"        \
	" OR h.staff IN (p.staff, p.actor, p.second)))"
#define LASTING                                                                                    \
	" (r.kind IN ('audit-key', 'audit-dispose', 'audit-report', 'audit-sign-off',"             \
	" 'emergency-stop', 'emergency-resume') OR (r.card IS NOT NULL AND"                        \
	" r.seq = (SELECT max(n.seq) FROM ledger_record n WHERE n.card = r.card)))"

void store_trail_hold_free(TrailHold *hold)
{
	if (hold == NULL)
		return;
	g_free(hold->id);
	g_free(hold->staff);
	g_free(hold->card);
	g_free(hold->reason);
	g_free(hold->by);
	g_free(hold->ended_by);
	g_free(hold);
}

static gpointer read_hold(Sql *query)
{
	TrailHold *hold = g_new0(TrailHold, 1);

	hold->id = sql_text(query, 0);
	hold->staff = sql_text(query, 1);
	hold->card = sql_text(query, 2);
	hold->reason = sql_text(query, 3);
	hold->since = sql_int(query, 4);
	hold->by = sql_text(query, 5);
	hold->ended_at = sql_int(query, 6);
	hold->ended_by = sql_text(query, 7);
	return hold;
}

gboolean store_trail_add_hold(StoreTx *tx, const TrailHold *hold, GError **error)
{
	return sql_run(
		tx, error, "INSERT INTO ledger_hold VALUES(?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL)",
		"ttttit", hold->id, hold->staff, hold->card, hold->reason, hold->since, hold->by);
}

gboolean store_trail_end_hold(StoreTx *tx, const char *id, const char *by, gint64 now,
			      GError **error)
{
	if (!sql_run(tx, error,
		     "UPDATE ledger_hold SET ended_at = ?2, ended_by = ?3 WHERE id = ?1"
		     " AND ended_at IS NULL",
		     "tit", id, now, by))
		return FALSE;
	return sql_changes(tx) == 1 ||
	       error_set(error, ERROR_NOT_FOUND, N_("there is no hold %s in force"), id);
}

TrailHold *store_trail_hold(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT id, staff, card, reason, since, by, ended_at, ended_by FROM ledger_hold"
		" WHERE id = ?1",
		"t", id);
	g_autoptr(GPtrArray) rows =
		sql_collect(query, read_hold, (GDestroyNotify) store_trail_hold_free, error);

	if (rows != NULL && rows->len == 1)
		return g_ptr_array_steal_index(rows, 0);
	if (rows != NULL)
		error_set(error, ERROR_NOT_FOUND, N_("there is no hold %s in force"), id);
	return NULL;
}

GPtrArray *store_trail_holds(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT id, staff, card, reason, since, by, ended_at, ended_by FROM ledger_hold"
		" ORDER BY id",
		"");

	return sql_collect(query, read_hold, (GDestroyNotify) store_trail_hold_free, error);
}

gboolean store_trail_dispose(StoreTx *tx, gint64 until, gint64 last, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO ledger_disposal(until, last, next) VALUES(?1, ?2, 1)", "ii",
		       until, last);
}

static gboolean next_of(StoreTx *tx, gint64 *ret_number, gint64 *ret_next, gint64 *ret_last,
			GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT number, next, last FROM ledger_disposal WHERE done_at IS NULL"
			  " ORDER BY number LIMIT 1",
			  "");

	if (query == NULL)
		return FALSE;
	*ret_number = 0;
	if (sql_step(query)) {
		*ret_number = sql_int(query, 0);
		*ret_next = sql_int(query, 1);
		*ret_last = sql_int(query, 2);
	}
	return sql_end(query, error);
}

gboolean store_trail_work(StoreTx *tx, gint64 count, gint64 now, gboolean *ret_is_over,
			  GError **error)
{
	gint64 number, next = 0, last = 0, end;

	if (!next_of(tx, &number, &next, &last, error))
		return FALSE;
	*ret_is_over = number == 0;
	if (number == 0)
		return TRUE;
	end = MIN(next + count, last + 1);
	return sql_run(tx, error,
		       "DELETE FROM ledger_personal WHERE seq IN (SELECT r.seq FROM ledger_record"
		       " r JOIN ledger_personal p ON p.seq = r.seq WHERE r.seq >= ?1 AND"
		       " r.seq < ?2 AND NOT " HELD " AND NOT " LASTING ")",
		       "ii", next, end) &&
	       sql_run(tx, error,
		       "UPDATE ledger_disposal SET next = ?2, done_at = iif(?2 > last, ?3, NULL)"
		       " WHERE number = ?1",
		       "iii", number, end, now);
}

gboolean store_trail_count(StoreTx *tx, gint64 first, gint64 last, gint64 *ret_going,
			   gint64 *ret_held, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT ifnull(sum(NOT " HELD " AND NOT " LASTING "), 0), ifnull(sum(" HELD
		"), 0) FROM ledger_record r JOIN ledger_personal p ON p.seq = r.seq"
		" WHERE r.seq >= ?1 AND r.seq <= ?2",
		"ii", first, last);

	if (query == NULL || !sql_step(query))
		return query != NULL && sql_end(query, error);
	*ret_going = sql_int(query, 0);
	*ret_held = sql_int(query, 1);
	return TRUE;
}
