/* SPDX-License-Identifier: Apache-2.0
 * One look at a card's records. */
#include "daemon/store/store_back_entry.h"

#include "daemon/store/sql.h"

gboolean store_back_entry_last(StoreTx *tx, const char *card, gint64 *ret_at, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT ifnull(max(at), 0) FROM ledger WHERE card = ?1", "t", card);

	if (query == NULL || !sql_step(query))
		return query != NULL && sql_end(query, error) && FALSE;
	*ret_at = sql_int(query, 0);
	return TRUE;
}
