/* SPDX-License-Identifier: Apache-2.0
 * What is known of a card's PIN. */
#include "daemon/store/store_pin.h"

#include "daemon/store/sql.h"

gboolean store_pin_get(StoreTx *tx, const char *card, Pin *ret_pin, GError **error)
{
	Pin pin = { .state = PIN_BLOCKED };
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT state, changed_at FROM pin WHERE card = ?1", "t", card);

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		if (!pin_state_parse(sql_peek(query, 0), &pin.state))
			pin.state = PIN_UNKNOWN;
		pin.changed_at = sql_int(query, 1);
	}
	*ret_pin = pin;
	return sql_end(query, error);
}

gboolean store_pin_put(StoreTx *tx, const char *card, const Pin *pin, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO pin VALUES(?1, ?2, ?3)"
		       " ON CONFLICT DO UPDATE SET state = ?2, changed_at = ?3",
		       "tti", card, pin_state_name(pin->state), pin->changed_at);
}

gboolean store_pin_count_changed(StoreTx *tx, gint64 until, int limit, gint64 *ret_count,
				 GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT count(*) FROM (SELECT 1 FROM pin p JOIN card c ON c.number = p.card"
		" WHERE p.state = 'SET' AND p.changed_at <= ?1 AND c.state = 'ACTIVE' LIMIT ?2)",
		"id", until, limit);

	if (query == NULL)
		return FALSE;
	*ret_count = sql_step(query) ? sql_int(query, 0) : 0;
	return sql_end(query, error);
}
