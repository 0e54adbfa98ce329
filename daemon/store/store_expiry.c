/* SPDX-License-Identifier: Apache-2.0
 * Ends of certificates, through an index that holds the live ones only. */
#include "daemon/store/store_expiry.h"

#include "daemon/store/sql.h"

void store_expiry_free(StoreExpiry *expiry)
{
	g_free(expiry->card);
	g_free(expiry);
}

static gpointer read_one(Sql *query)
{
	StoreExpiry *expiry = g_new0(StoreExpiry, 1);

	expiry->card = sql_text(query, 0);
	expiry->not_after = sql_int(query, 1);
	return expiry;
}

GPtrArray *store_expiry_list(StoreTx *tx, const StoreExpiryFilter *filter, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT c.card, s.not_after FROM certificate_status s"
			  " CROSS JOIN certificate c ON c.issuer = s.issuer AND c.serial = s.serial"
			  " CROSS JOIN card k ON k.number = c.card"
			  " WHERE s.state IN ('PENDING', 'VALID', 'HOLD')"
			  " AND s.not_after >= ?2 AND s.not_after < ?1"
			  " AND (s.not_after > ?2 OR c.card > ?3)"
			  " AND k.state IN ('PENDING', 'ACTIVE') AND k.kind <> 'temporary'"
			  " AND (?5 = 0 OR k.holder = ?5)"
			  " AND (?4 IS NULL OR ?4 = (SELECT d.section FROM designation d"
			  " WHERE d.id = k.designation)) ORDER BY s.not_after, c.card LIMIT ?6",
			  "iittid", filter->until, filter->after_end,
			  filter->after_card != NULL ? filter->after_card : "", filter->section,
			  filter->holder, filter->limit);

	return sql_collect(query, read_one, (GDestroyNotify) store_expiry_free, error);
}
