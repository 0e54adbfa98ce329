/* SPDX-License-Identifier: Apache-2.0
 * The narrow status table beside the wide one, which has no row for a certificate nobody kept. */
#include "daemon/store/store_witness.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

gboolean store_witness_find(StoreTx *tx, gint64 issuer, const guint8 *serial,
			    Certificate **ret_certificate, GError **error)
{
	g_autoptr(Certificate) found = NULL;
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT c.card, s.state, s.reason, s.since, s.not_after, c.intent"
		" FROM certificate_status s LEFT JOIN certificate c ON c.issuer = s.issuer"
		" AND c.serial = s.serial WHERE s.issuer = ?1 AND s.serial = ?2",
		"is", issuer, serial);

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		found = g_new0(Certificate, 1);
		found->issuer = issuer;
		memcpy(found->serial, serial, CERTIFICATE_SERIAL_BYTES);
		found->card = sql_text(query, 0);
		found->reason = REVOCATION_NONE;
		if (!certificate_state_parse(sql_peek(query, 1), &found->state))
			found->state = CERTIFICATE_REVOKED;
		if (sql_peek(query, 2) != NULL &&
		    !certificate_reason_parse(sql_peek(query, 2), &found->reason))
			found->reason = REVOCATION_SUPERSEDED;
		found->since = sql_int(query, 3);
		found->not_after = sql_int(query, 4);
		found->intent = sql_text(query, 5);
	}
	if (!sql_end(query, error))
		return FALSE;
	*ret_certificate = g_steal_pointer(&found);
	return TRUE;
}

gboolean store_witness_insert(StoreTx *tx, const Certificate *certificate, GError **error)
{
	return sql_run(tx, error, "INSERT INTO certificate_status VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
		       "isttii", certificate->issuer, certificate->serial,
		       certificate_state_name(certificate->state),
		       certificate_reason_name(certificate->reason), certificate->since,
		       certificate->not_after);
}

gboolean store_witness_count(StoreTx *tx, gint64 *ret_count, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT count(*) FROM certificate_status s WHERE NOT EXISTS(SELECT 1"
			  " FROM certificate c WHERE c.issuer = s.issuer AND c.serial = s.serial)",
			  "");

	if (query == NULL || !sql_step(query))
		return query != NULL && sql_end(query, error) && FALSE;
	*ret_count = sql_int(query, 0);
	return TRUE;
}
