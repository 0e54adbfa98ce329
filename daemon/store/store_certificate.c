/* SPDX-License-Identifier: Apache-2.0
 * Certificates in the store. */
#include "daemon/store/store_certificate.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

gboolean store_certificate_insert(StoreTx *tx, const Certificate *certificate, GError **error)
{
	return sql_run(tx, error, "INSERT INTO certificate_status VALUES(?1, ?2, ?3, NULL, 0, ?4)",
		       "isti", certificate->issuer, certificate->serial,
		       certificate_state_name(certificate->state), certificate->not_after) &&
	       sql_run(tx, error,
		       "INSERT INTO certificate(issuer, serial, card, intent, not_before, tbs, der,"
		       " spki) VALUES(?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7)",
		       "isttibb", certificate->issuer, certificate->serial, certificate->card,
		       certificate->intent, certificate->not_before, certificate->tbs,
		       certificate->spki);
}

gboolean store_certificate_set_der(StoreTx *tx, const Certificate *certificate, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE certificate SET der = ?3 WHERE issuer = ?1 AND serial = ?2", "isb",
		       certificate->issuer, certificate->serial, certificate->der);
}

gboolean store_certificate_set_status(StoreTx *tx, const Certificate *certificate,
				      gint64 invalid_from, GError **error)
{
	if (invalid_from != 0 &&
	    !sql_run(tx, error,
		     "UPDATE certificate SET invalid_from = ?3 WHERE issuer = ?1 AND serial = ?2",
		     "isi", certificate->issuer, certificate->serial, invalid_from))
		return FALSE;
	return sql_run(tx, error,
		       "UPDATE certificate_status SET state = ?3, reason = ?4, since = ?5"
		       " WHERE issuer = ?1 AND serial = ?2",
		       "istti", certificate->issuer, certificate->serial,
		       certificate_state_name(certificate->state),
		       certificate_reason_name(certificate->reason), certificate->since);
}

static Certificate *read_row(Sql *query)
{
	g_autoptr(Certificate) row = g_new0(Certificate, 1);
	g_autoptr(GBytes) serial = sql_bytes(query, 1);

	row->issuer = sql_int(query, 0);
	memcpy(row->serial, g_bytes_get_data(serial, NULL), CERTIFICATE_SERIAL_BYTES);
	row->card = sql_text(query, 2);
	row->reason = REVOCATION_NONE;
	if (!certificate_state_parse(sql_peek(query, 3), &row->state))
		row->state = CERTIFICATE_REVOKED;
	if (sql_peek(query, 4) != NULL &&
	    !certificate_reason_parse(sql_peek(query, 4), &row->reason))
		row->reason = REVOCATION_SUPERSEDED;
	row->since = sql_int(query, 5);
	row->not_before = sql_int(query, 6);
	row->not_after = sql_int(query, 7);
	row->der = sql_bytes(query, 8);
	row->spki = sql_bytes(query, 9);
	row->intent = sql_text(query, 10);
	return g_steal_pointer(&row);
}

gboolean store_certificate_find(StoreTx *tx, GBytes *serial, GBytes *der,
				Certificate **ret_certificate, GError **error)
{
	g_autoptr(Certificate) found = NULL;
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT c.issuer, c.serial, c.card, s.state, s.reason, s.since, c.not_before,"
		" s.not_after, c.der, c.spki, c.intent FROM issuer i CROSS JOIN certificate c"
		" ON c.issuer = i.id AND c.serial = ?1 CROSS JOIN certificate_status s"
		" ON s.issuer = c.issuer AND s.serial = c.serial WHERE c.der = ?2",
		"bb", serial, der);

	if (query == NULL)
		return FALSE;
	if (sql_step(query))
		found = read_row(query);
	if (!sql_end(query, error))
		return FALSE;
	*ret_certificate = g_steal_pointer(&found);
	return TRUE;
}

GPtrArray *store_certificate_of_card(StoreTx *tx, const char *card, GError **error)
{
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify) certificate_free);
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT c.issuer, c.serial, c.card, s.state, s.reason, s.since, c.not_before,"
		" s.not_after, c.der, c.spki, c.intent FROM certificate c JOIN certificate_status s"
		" ON s.issuer = c.issuer AND s.serial = c.serial WHERE c.card = ?1"
		" ORDER BY c.rowid DESC",
		"t", card);

	if (query == NULL)
		return NULL;
	while (sql_step(query))
		g_ptr_array_add(list, read_row(query));
	return sql_end(query, error) ? g_steal_pointer(&list) : NULL;
}

/* Loss times are few and stand in an index of their own; both queries run in the same order. */
struct StoreStatusScan {
	Sql *query;
	Sql *losses;
	gboolean has_loss;
};

StoreStatusScan *store_certificate_scan(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT issuer, serial, state, reason, since, not_after"
					 " FROM certificate_status ORDER BY issuer, serial",
					 "");
	g_autoptr(Sql) losses = sql_query(
		tx, error,
		"SELECT issuer, serial, invalid_from FROM certificate INDEXED BY certificate_loss"
		" WHERE invalid_from <> 0 ORDER BY issuer, serial",
		"");
	StoreStatusScan *scan;

	if (query == NULL || losses == NULL)
		return NULL;
	scan = g_new0(StoreStatusScan, 1);
	scan->has_loss = sql_step(losses);
	scan->query = g_steal_pointer(&query);
	scan->losses = g_steal_pointer(&losses);
	return scan;
}

static int compare(const StoreStatus *status, Sql *loss)
{
	gint64 issuer = sql_int(loss, 0);

	return status->issuer != issuer
		       ? (status->issuer < issuer ? -1 : 1)
		       : memcmp(status->serial, sql_peek_bytes(loss, 1), CERTIFICATE_SERIAL_BYTES);
}

static gint64 take_loss(StoreStatusScan *scan, const StoreStatus *status)
{
	while (scan->has_loss && compare(status, scan->losses) > 0)
		scan->has_loss = sql_step(scan->losses);
	return scan->has_loss && compare(status, scan->losses) == 0 ? sql_int(scan->losses, 2) : 0;
}

gboolean store_certificate_scan_next(StoreStatusScan *scan, StoreStatus *ret_status)
{
	StoreStatus status = { .reason = REVOCATION_NONE };
	const char *reason;

	if (!sql_step(scan->query))
		return FALSE;
	status.issuer = sql_int(scan->query, 0);
	memcpy(status.serial, sql_peek_bytes(scan->query, 1), CERTIFICATE_SERIAL_BYTES);
	if (!certificate_state_parse(sql_peek(scan->query, 2), &status.state))
		status.state = CERTIFICATE_REVOKED;
	reason = sql_peek(scan->query, 3);
	if (reason != NULL && !certificate_reason_parse(reason, &status.reason))
		status.reason = REVOCATION_SUPERSEDED;
	status.since = sql_int(scan->query, 4);
	status.not_after = sql_int(scan->query, 5);
	if (status.state == CERTIFICATE_REVOKED)
		status.invalid_from = take_loss(scan, &status);
	*ret_status = status;
	return TRUE;
}

gboolean store_certificate_scan_end(StoreStatusScan *scan, GError **error)
{
	return sql_end(scan->query, error) && sql_end(scan->losses, error);
}

void store_certificate_scan_free(StoreStatusScan *scan)
{
	if (scan == NULL)
		return;
	sql_free(scan->query);
	sql_free(scan->losses);
	g_free(scan);
}
