/* SPDX-License-Identifier: Apache-2.0
 * Closed days in the store. */
#include "daemon/store/store_holiday.h"

#include "daemon/store/sql.h"

gboolean store_holiday_find(StoreTx *tx, const char *day, char **ret_name, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT name FROM holiday WHERE day = ?1", "t", day);
	g_autofree char *name = NULL;

	if (query == NULL)
		return FALSE;
	if (sql_step(query))
		name = sql_text(query, 0);
	if (!sql_end(query, error))
		return FALSE;
	*ret_name = g_steal_pointer(&name);
	return TRUE;
}

gboolean store_holiday_put(StoreTx *tx, const char *day, const char *name, GError **error)
{
	if (name == NULL)
		return sql_run(tx, error, "DELETE FROM holiday WHERE day = ?1", "t", day);
	return sql_run(tx, error,
		       "INSERT INTO holiday VALUES(?1, ?2) ON CONFLICT DO UPDATE SET name = ?2",
		       "tt", day, name);
}

GHashTable *store_holiday_set(StoreTx *tx, const char *from, const char *until, GError **error)
{
	g_autoptr(GHashTable) days = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT day FROM holiday WHERE day >= ?1 AND day <= ?2", "tt",
			  from, until);

	if (query == NULL)
		return NULL;
	while (sql_step(query))
		g_hash_table_add(days, sql_text(query, 0));
	return sql_end(query, error) ? g_steal_pointer(&days) : NULL;
}
