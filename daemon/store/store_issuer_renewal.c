/* SPDX-License-Identifier: Apache-2.0
 * Renewals of the CA. */
#include "daemon/store/store_issuer_renewal.h"

#include "daemon/store/sql.h"

void store_issuer_renewal_free(IssuerRenewal *renewal)
{
	if (renewal == NULL)
		return;
	g_free(renewal->key_uri);
	g_clear_pointer(&renewal->tbs_new, g_bytes_unref);
	g_clear_pointer(&renewal->tbs_new_with_old, g_bytes_unref);
	g_clear_pointer(&renewal->tbs_old_with_new, g_bytes_unref);
	g_clear_pointer(&renewal->new_with_old, g_bytes_unref);
	g_clear_pointer(&renewal->old_with_new, g_bytes_unref);
	g_free(renewal);
}

gboolean store_issuer_renewal_open(StoreTx *tx, const IssuerRenewal *renewal, GError **error)
{
	return sql_run(
		tx, error,
		"INSERT INTO issuer_renewal VALUES(?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL, NULL)",
		"itbbbi", renewal->id, renewal->key_uri, renewal->tbs_new,
		renewal->tbs_new_with_old, renewal->tbs_old_with_new, renewal->opened_at);
}

gboolean store_issuer_renewal_close(StoreTx *tx, const IssuerRenewal *renewal, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE issuer_renewal SET closed_at = ?2, new_with_old = ?3,"
		       " old_with_new = ?4 WHERE id = ?1",
		       "iibb", renewal->id, renewal->closed_at, renewal->new_with_old,
		       renewal->old_with_new);
}

static gpointer read_one(Sql *query)
{
	IssuerRenewal *renewal = g_new0(IssuerRenewal, 1);

	renewal->id = sql_int(query, 0);
	renewal->key_uri = sql_text(query, 1);
	renewal->tbs_new = sql_bytes(query, 2);
	renewal->tbs_new_with_old = sql_bytes(query, 3);
	renewal->tbs_old_with_new = sql_bytes(query, 4);
	renewal->opened_at = sql_int(query, 5);
	renewal->closed_at = sql_int(query, 6);
	renewal->new_with_old = sql_bytes(query, 7);
	renewal->old_with_new = sql_bytes(query, 8);
	return renewal;
}

gboolean store_issuer_renewal_get(StoreTx *tx, gint64 id, IssuerRenewal **ret_renewal,
				  GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT id, key_uri, tbs_new, tbs_new_with_old, tbs_old_with_new, opened_at,"
		" ifnull(closed_at, 0), new_with_old, old_with_new FROM issuer_renewal"
		" WHERE CASE WHEN ?1 = 0 THEN closed_at IS NULL ELSE id = ?1 END",
		"i", id);
	g_autoptr(GPtrArray) rows =
		sql_collect(query, read_one, (GDestroyNotify) store_issuer_renewal_free, error);

	if (rows == NULL)
		return FALSE;
	*ret_renewal = rows->len > 0 ? g_ptr_array_steal_index(rows, 0) : NULL;
	return TRUE;
}
