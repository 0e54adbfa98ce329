/* SPDX-License-Identifier: Apache-2.0
 * Contradictions of the tables as queries. */
#include "daemon/store/store_check.h"

#include "daemon/store/sql.h"

gboolean store_check_integrity(StoreTx *tx, char **ret_fault, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error, "PRAGMA quick_check(1)", "");
	g_autofree char *fault = NULL;

	if (query == NULL)
		return FALSE;
	if (sql_step(query) && g_strcmp0(sql_peek(query, 0), "ok") != 0)
		fault = sql_text(query, 0);
	while (sql_step(query))
		continue;
	if (!sql_end(query, error))
		return FALSE;
	*ret_fault = g_steal_pointer(&fault);
	return TRUE;
}

static GPtrArray *read_numbers(Sql *query, GError **error)
{
	g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);

	if (query == NULL)
		return NULL;
	while (sql_step(query))
		g_ptr_array_add(numbers, sql_text(query, 0));
	return sql_end(query, error) ? g_steal_pointer(&numbers) : NULL;
}

GPtrArray *store_check_certificates(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT c.number FROM card c WHERE c.state = 'ACTIVE' AND (SELECT count(*)"
		" FROM certificate k JOIN certificate_status s ON s.issuer = k.issuer"
		" AND s.serial = k.serial WHERE k.card = c.number"
		" AND s.state IN ('VALID', 'HOLD')) <> 1 ORDER BY c.number LIMIT 1000",
		"");

	return read_numbers(query, error);
}

GPtrArray *store_check_designations(StoreTx *tx, const char *date, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT c.number FROM card c LEFT JOIN person p ON p.id = c.holder"
		" WHERE c.state = 'ACTIVE' AND (p.id IS NULL OR p.until < ?1 OR NOT EXISTS("
		"SELECT 1 FROM designation d WHERE d.person = c.holder"
		" AND d.authority = c.authority AND d.since <= ?1"
		" AND (d.until IS NULL OR d.until >= ?1))) ORDER BY c.number LIMIT 1000",
		"t", date);

	return read_numbers(query, error);
}

GPtrArray *store_check_duties(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT c.number FROM card c WHERE c.state = 'RECALLED'"
			  " AND (SELECT count(*) FROM duty d WHERE d.card = c.number"
			  " AND d.closed_at IS NULL) <> 1 ORDER BY c.number LIMIT 1000",
			  "");

	return read_numbers(query, error);
}

GPtrArray *store_check_loose(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT c.number FROM card c WHERE c.state NOT IN ('ACTIVE', 'PENDING')"
			  " AND EXISTS(SELECT 1 FROM certificate k JOIN certificate_status s"
			  " ON s.issuer = k.issuer AND s.serial = k.serial"
			  " WHERE k.card = c.number AND s.state = 'VALID')"
			  " ORDER BY c.number LIMIT 1000",
			  "");

	return read_numbers(query, error);
}
