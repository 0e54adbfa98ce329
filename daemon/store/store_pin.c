/* SPDX-License-Identifier: Apache-2.0
 * What is known of a card's PIN. DATED is the condition of the index pin_changed: states in which
 * the holder's own last change counts. */
#include "daemon/store/store_pin.h"

#include "daemon/store/sql.h"

#define DATED "p.state IN ('SET', 'LOCKED', 'UNKNOWN')"
#define DAY   86400
#define JAPAN 32400

gboolean store_pin_get(StoreTx *tx, const char *card, Pin *ret_pin, GError **error)
{
	Pin pin = { .state = PIN_BLOCKED };
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT state, changed_at, (SELECT max(r.expires)"
					 " FROM pin_reset r JOIN card c ON c.number = r.card"
					 " AND c.holder = r.holder WHERE r.card = p.card"
					 " AND r.ended_at IS NULL) FROM pin p WHERE card = ?1",
					 "t", card);

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		if (!pin_state_parse(sql_peek(query, 0), &pin.state))
			pin.state = PIN_UNKNOWN;
		pin.changed_at = sql_int(query, 1);
		pin.reset_until = sql_int(query, 2);
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

GArray *store_pin_days(StoreTx *tx, gint64 since, gint64 until, GError **error)
{
	g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(StorePinDay));
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT (p.changed_at + 32400) / 86400 AS day, count(*)"
			  " FROM pin p CROSS JOIN card c ON c.number = p.card WHERE " DATED
			  " AND p.changed_at > ?1 AND p.changed_at <= ?2 AND c.state = 'ACTIVE'"
			  " GROUP BY day ORDER BY day",
			  "ii", since, until);

	if (query == NULL)
		return NULL;
	while (sql_step(query)) {
		StorePinDay day = { sql_int(query, 0) * DAY - JAPAN, sql_int(query, 1) };

		g_array_append_val(days, day);
	}
	return sql_end(query, error) ? g_steal_pointer(&days) : NULL;
}

void store_pin_row_free(StorePinRow *row)
{
	if (row == NULL)
		return;
	g_free(row->card);
	g_free(row->staff);
	g_free(row->name);
	g_free(row->section);
	g_free(row->section_name);
	g_free(row);
}

static gpointer read_row(Sql *query)
{
	StorePinRow *row = g_new0(StorePinRow, 1);

	row->card = sql_text(query, 0);
	row->staff = sql_text(query, 1);
	row->name = sql_text(query, 2);
	row->section = sql_text(query, 3);
	row->section_name = sql_text(query, 4);
	row->changed_at = sql_int(query, 5);
	if (!pin_state_parse(sql_peek(query, 6), &row->state))
		row->state = PIN_UNKNOWN;
	row->is_held = sql_int(query, 7) != 0;
	return row;
}

GPtrArray *store_pin_list(StoreTx *tx, const StorePinFilter *filter, GError **error)
{
	const char *after = filter->after_card != NULL ? filter->after_card : "~";
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT p.card, h.staff, h.name, d.section, d.section_name, p.changed_at, p.state,"
		" EXISTS(SELECT 1 FROM hold o WHERE o.card = p.card AND o.reason = 'PIN_OVERDUE'"
		" AND o.lifted_at IS NULL)"
		" FROM pin p CROSS JOIN card c ON c.number = p.card"
		" JOIN person h ON h.id = c.holder LEFT JOIN designation d ON d.id = c.designation"
		" WHERE " DATED " AND (p.changed_at, p.card) > (?1, ?2) AND p.changed_at <= ?3"
		" AND c.state = 'ACTIVE' AND (?4 IS NULL OR d.section = ?4)"
		" ORDER BY p.changed_at, p.card LIMIT ?5",
		"ititd", filter->after_at, after, filter->until, filter->section, filter->limit);

	return sql_collect(query, read_row, (GDestroyNotify) store_pin_row_free, error);
}
