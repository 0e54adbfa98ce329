/* SPDX-License-Identifier: Apache-2.0
 * The CA rows. */
#include "daemon/store/store_issuer.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

void store_issuer_row_free(IssuerRow *row)
{
	if (row == NULL)
		return;
	g_clear_pointer(&row->certificate, g_bytes_unref);
	g_free(row->key_uri);
	g_free(row);
}

gboolean store_issuer_insert(StoreTx *tx, IssuerRow *row, GError **error)
{
	gint64 id;

	if (!store_next(tx, "issuer", &id, error))
		return FALSE;
	row->id = id;
	return sql_run(tx, error, "INSERT INTO issuer VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		       "ibtiiiii", row->id, row->certificate, row->key_uri, row->since, row->until,
		       row->crl_number, row->crl_this_update, row->crl_next_update);
}

gboolean store_issuer_newest(StoreTx *tx, IssuerRow **ret_row, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT id, certificate, key_uri, since, until, crl_number,"
			  " crl_this_update, crl_next_update FROM issuer"
			  " ORDER BY id DESC LIMIT 1",
			  "");
	g_autoptr(IssuerRow) row = NULL;

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		row = g_new0(IssuerRow, 1);
		row->id = sql_int(query, 0);
		row->certificate = sql_bytes(query, 1);
		row->key_uri = sql_text(query, 2);
		row->since = sql_int(query, 3);
		row->until = sql_int(query, 4);
		row->crl_number = sql_int(query, 5);
		row->crl_this_update = sql_int(query, 6);
		row->crl_next_update = sql_int(query, 7);
	}
	if (!sql_end(query, error))
		return FALSE;
	*ret_row = g_steal_pointer(&row);
	return TRUE;
}

gboolean store_issuer_next_crl(StoreTx *tx, const IssuerRow *row, gint64 floor, gint64 *ret_number,
			       GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"UPDATE issuer SET crl_number = max(crl_number, ?2) + 1, crl_this_update = ?3,"
		" crl_next_update = ?4 WHERE id = ?1 RETURNING crl_number",
		"iiii", row->id, floor, row->crl_this_update, row->crl_next_update);

	if (query == NULL)
		return FALSE;
	if (!sql_step(query))
		return sql_end(query, error) &&
		       error_set(error, ERROR_STORE, N_("the counter %s gave nothing"), "crl");
	*ret_number = sql_int(query, 0);
	while (sql_step(query))
		continue;
	return sql_end(query, error);
}

static gpointer read_certificate(Sql *query)
{
	return sql_bytes(query, 0);
}

GPtrArray *store_issuer_certificates(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT certificate FROM issuer ORDER BY id", "");

	return sql_collect(query, read_certificate, (GDestroyNotify) g_bytes_unref, error);
}
