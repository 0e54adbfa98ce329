/* SPDX-License-Identifier: Apache-2.0
 * Holds in the store. */
#include "daemon/store/store_hold.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"
#include "daemon/store/store_scope.h"

gboolean store_hold_open(StoreTx *tx, const Hold *hold, GError **error)
{
	const HoldRule *rule = hold_rule(hold->reason);

	if (!sql_run(tx, error,
		     "INSERT OR IGNORE INTO hold(card, scope, reason, since, by, article, note)"
		     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		     "tttittt", hold->card, hold->scope, rule->name, hold->since, hold->by,
		     rule->article, hold->note))
		return FALSE;
	if (sql_changes(tx) != 1)
		return error_set(error, ERROR_EXISTS,
				 N_("card %s is already suspended for %s (%s)"), hold->card,
				 rule->name, rule->ja);
	return TRUE;
}

static GPtrArray *read_holds(Sql *query, GError **error)
{
	g_autoptr(GPtrArray) holds = g_ptr_array_new_with_free_func((GDestroyNotify) hold_free);

	if (query == NULL)
		return NULL;
	while (sql_step(query)) {
		Hold *hold = g_new0(Hold, 1);

		hold->id = sql_int(query, 0);
		hold->card = sql_text(query, 1);
		hold->scope = sql_text(query, 2);
		if (!hold_parse(sql_peek(query, 3), &hold->reason))
			hold->reason = HOLD_ORDER;
		hold->since = sql_int(query, 4);
		hold->by = sql_text(query, 5);
		hold->note = sql_text(query, 6);
		g_ptr_array_add(holds, hold);
	}
	return sql_end(query, error) ? g_steal_pointer(&holds) : NULL;
}

GPtrArray *store_hold_of_card(StoreTx *tx, const char *card, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT h.id, h.card, h.scope, h.reason, h.since, h.by, h.note FROM hold h"
		" WHERE h.lifted_at IS NULL AND h.card = ?1 UNION ALL"
		" SELECT h.id, h.card, h.scope, h.reason, h.since, h.by, h.note FROM hold h"
		" WHERE h.lifted_at IS NULL AND h.reason = 'EMERGENCY' AND EXISTS("
		"SELECT 1 FROM card c WHERE c.number = ?1 AND " STORE_SCOPE_COVERS(
			"c") ")"
			     " ORDER BY 5, 1",
		"t", card);

	return read_holds(query, error);
}

GPtrArray *store_hold_scopes(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT h.id, h.card, h.scope, h.reason, h.since, h.by, h.note FROM hold h"
		" WHERE h.lifted_at IS NULL AND h.reason = 'EMERGENCY' ORDER BY h.since, h.id",
		"");

	return read_holds(query, error);
}

gboolean store_hold_lift(StoreTx *tx, const char *card, HoldReason reason, gint64 now,
			 const char *by, GError **error)
{
	const HoldRule *rule = hold_rule(reason);

	if (!sql_run(tx, error,
		     "UPDATE hold SET lifted_at = ?3, lifted_by = ?4"
		     " WHERE card = ?1 AND reason = ?2 AND lifted_at IS NULL",
		     "ttit", card, rule->name, now, by))
		return FALSE;
	if (sql_changes(tx) != 1)
		return error_set(error, ERROR_NOT_FOUND,
				 N_("card %s is not suspended for %s (%s); `opcardctl card show` "
				    "lists its holds"),
				 card, rule->name, rule->ja);
	return TRUE;
}

gboolean store_hold_lift_all(StoreTx *tx, const char *card, gint64 now, const char *by,
			     GError **error)
{
	return sql_run(tx, error,
		       "UPDATE hold SET lifted_at = ?2, lifted_by = ?3"
		       " WHERE card = ?1 AND lifted_at IS NULL",
		       "tit", card, now, by);
}

gboolean store_hold_lift_scope(StoreTx *tx, const char *scope, gint64 now, const char *by,
			       GError **error)
{
	if (!sql_run(tx, error,
		     "UPDATE hold SET lifted_at = ?2, lifted_by = ?3"
		     " WHERE scope = ?1 AND lifted_at IS NULL AND reason = 'EMERGENCY'",
		     "tit", scope, now, by))
		return FALSE;
	if (sql_changes(tx) == 0)
		return error_set(error, ERROR_NOT_FOUND, N_("there is no emergency stop for %s"),
				 scope);
	return TRUE;
}

GPtrArray *store_hold_since(StoreTx *tx, HoldReason reason, gint64 until, int limit, GError **error)
{
	g_autoptr(GPtrArray) cards = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT h.card FROM hold h JOIN card c ON c.number = h.card"
			  " WHERE h.lifted_at IS NULL AND h.reason = ?1 AND h.since <= ?2"
			  " AND c.state IN ('PENDING', 'ACTIVE', 'RECALLED')"
			  " ORDER BY h.since LIMIT ?3",
			  "tid", hold_rule(reason)->name, until, limit);

	if (query == NULL)
		return NULL;
	while (sql_step(query))
		g_ptr_array_add(cards, sql_text(query, 0));
	return sql_end(query, error) ? g_steal_pointer(&cards) : NULL;
}
