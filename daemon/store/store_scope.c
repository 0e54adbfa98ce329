/* SPDX-License-Identifier: Apache-2.0
 * Stops by scope in the store. */
#include "daemon/store/store_scope.h"

#include <string.h>

#include "daemon/core/certificate.h"
#include "daemon/store/sql.h"

gboolean store_scope_find(StoreTx *tx, const char *scope, Hold **ret_hold, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT id, since, by, note FROM hold WHERE lifted_at IS NULL"
			  " AND reason = 'EMERGENCY' AND scope = ?1 ORDER BY id LIMIT 1",
			  "t", scope);
	g_autoptr(Hold) hold = NULL;

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		hold = g_new0(Hold, 1);
		hold->id = sql_int(query, 0);
		hold->scope = g_strdup(scope);
		hold->reason = HOLD_EMERGENCY;
		hold->since = sql_int(query, 1);
		hold->by = sql_text(query, 2);
		hold->note = sql_text(query, 3);
	}
	if (!sql_end(query, error))
		return FALSE;
	*ret_hold = g_steal_pointer(&hold);
	return TRUE;
}

gboolean store_scope_add_section(StoreTx *tx, gint64 hold, const char *section, GError **error)
{
	return sql_run(tx, error, "INSERT INTO hold_section VALUES(?1, ?2)", "it", hold, section);
}

static gpointer read_certificate(Sql *query)
{
	Certificate *row = g_new0(Certificate, 1);

	row->issuer = sql_int(query, 0);
	memcpy(row->serial, sql_peek_bytes(query, 1), CERTIFICATE_SERIAL_BYTES);
	row->card = sql_text(query, 2);
	row->state = CERTIFICATE_VALID;
	row->reason = REVOCATION_NONE;
	(void) certificate_state_parse(sql_peek(query, 3), &row->state);
	row->since = sql_int(query, 4);
	row->not_after = sql_int(query, 5);
	return row;
}

#define ROWS                                                                                       \
	"k.issuer, k.serial, k.card, s.state, s.since, s.not_after"                                \
	" FROM hold h CROSS JOIN card c CROSS JOIN certificate k ON k.card = c.number"             \
	" CROSS JOIN certificate_status s ON s.issuer = k.issuer AND s.serial = k.serial"          \
	" WHERE h.id = ?1 AND c.state = 'ACTIVE' AND "

GPtrArray *store_scope_certificates(StoreTx *tx, gint64 hold, gboolean is_stop, GError **error)
{
	Sql *query;

	if (is_stop)
		query = sql_query(
			tx, error,
			"SELECT " ROWS STORE_SCOPE_COVERS("c") " AND s.state = 'VALID'"
							       " ORDER BY k.issuer, k.serial",
			"i", hold);
	else
		query = sql_query(tx, error,
				  "SELECT " ROWS STORE_SCOPE_COVERS(
					  "c") " AND s.state = 'HOLD' AND NOT EXISTS(SELECT 1"
					       " FROM hold o WHERE o.card = c.number"
					       " AND o.lifted_at IS NULL)"
					       " AND NOT " STORE_SCOPE_STOPS(
						       "c") " ORDER BY k.issuer, k.serial",
				  "i", hold);
	g_autoptr(Sql) rows = query;

	return sql_collect(rows, read_certificate, (GDestroyNotify) certificate_free, error);
}

gboolean store_scope_count(StoreTx *tx, gint64 hold, gint64 *ret_count, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT count(*) FROM hold h CROSS JOIN card c"
			  " WHERE h.id = ?1 AND c.state = 'ACTIVE' AND " STORE_SCOPE_COVERS("c"),
			  "i", hold);

	if (query == NULL)
		return FALSE;
	if (sql_step(query))
		*ret_count = sql_int(query, 0);
	return sql_end(query, error);
}
