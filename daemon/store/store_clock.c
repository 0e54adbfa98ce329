/* SPDX-License-Identifier: Apache-2.0
 * The mark of time: one row. */
#include "daemon/store/store_clock.h"

#include "daemon/store/sql.h"

gboolean store_clock_get(StoreTx *tx, ClockMark *ret_mark, gboolean *ret_is_known, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT high, ifnull(alarm_at, 0) FROM clock_mark WHERE id = 1", "");

	if (query == NULL)
		return FALSE;
	*ret_is_known = sql_step(query);
	if (*ret_is_known)
		*ret_mark = (ClockMark){ sql_int(query, 0), sql_int(query, 1) };
	return sql_end(query, error);
}

gboolean store_clock_put(StoreTx *tx, const ClockMark *mark, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO clock_mark VALUES(1, ?1, nullif(?2, 0))"
		       " ON CONFLICT(id) DO UPDATE SET high = ?1, alarm_at = nullif(?2, 0)",
		       "ii", mark->high, mark->alarm_at);
}
