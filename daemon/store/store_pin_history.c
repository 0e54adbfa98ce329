/* SPDX-License-Identifier: Apache-2.0
 * Digests of PINs in the store. */
#include "daemon/store/store_pin_history.h"

#include "daemon/store/sql.h"

void store_pin_history_clear(StorePinHistory *history)
{
	g_clear_pointer(&history->salt, g_bytes_unref);
	g_clear_pointer(&history->digests, g_ptr_array_unref);
}

gboolean store_pin_history_get(StoreTx *tx, const char *card, StorePinHistory *ret_history,
			       GError **error)
{
	g_auto(StorePinHistory) history = { .digests = g_ptr_array_new_with_free_func(
						    (GDestroyNotify) g_bytes_unref) };
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT salt, digest FROM pin_history WHERE card = ?1 ORDER BY n DESC",
		"t", card);

	if (query == NULL)
		return FALSE;
	while (sql_step(query)) {
		if (history.salt == NULL)
			history.salt = sql_bytes(query, 0);
		g_ptr_array_add(history.digests, sql_bytes(query, 1));
	}
	if (!sql_end(query, error))
		return FALSE;
	ret_history->salt = g_steal_pointer(&history.salt);
	ret_history->digests = g_steal_pointer(&history.digests);
	return TRUE;
}

gboolean store_pin_history_add(StoreTx *tx, const char *card, GBytes *salt, GBytes *digest,
			       GError **error)
{
	return sql_run(
		tx, error,
		"INSERT INTO pin_history VALUES(?1,"
		" (SELECT coalesce(max(n), 0) + 1 FROM pin_history WHERE card = ?1), ?2, ?3)",
		"tbb", card, salt, digest);
}

gboolean store_pin_history_forget(StoreTx *tx, const char *card, gint64 keep, GError **error)
{
	return sql_run(tx, error,
		       "DELETE FROM pin_history WHERE card = ?1 AND n <="
		       " (SELECT max(n) FROM pin_history WHERE card = ?1) - ?2",
		       "ti", card, keep);
}
