/* SPDX-License-Identifier: Apache-2.0
 * A SubjectPublicKeyInfo tells its kind by its length and the octets before the key itself, so that
 * the kinds are counted without reading any key. */
#include "daemon/store/store_key.h"

#include "daemon/store/sql.h"

/* P-256 has 26 octets before its point, an RSA key 24 or more before its modulus. */
#define KIND(spki) "length(" spki "), substr(" spki ", 1, 24)"

void store_key_kind_free(StoreKeyKind *kind)
{
	g_bytes_unref(kind->spki);
	g_free(kind);
}

static gpointer read_kind(Sql *query)
{
	StoreKeyKind *kind = g_new0(StoreKeyKind, 1);

	kind->spki = sql_bytes(query, 0);
	kind->count = sql_int(query, 1);
	return kind;
}

static gpointer read_number(Sql *query)
{
	return sql_text(query, 0);
}

GPtrArray *store_key_kinds(StoreTx *tx, gint64 now, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT min(c.spki), count(*) FROM certificate_status s"
			  " CROSS JOIN certificate c ON c.issuer = s.issuer AND c.serial = s.serial"
			  " WHERE s.state IN ('PENDING', 'VALID', 'HOLD') AND s.not_after >= ?1"
			  " GROUP BY " KIND("c.spki") " ORDER BY 2 DESC",
			  "i", now);

	return sql_collect(query, read_kind, (GDestroyNotify) store_key_kind_free, error);
}

GPtrArray *store_key_cards(StoreTx *tx, gint64 now, const StoreKeyKind *kind, int limit,
			   GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT c.card FROM certificate_status s"
			  " CROSS JOIN certificate c ON c.issuer = s.issuer AND c.serial = s.serial"
			  " WHERE s.state IN ('PENDING', 'VALID', 'HOLD') AND s.not_after >= ?1"
			  " AND (" KIND("c.spki") ") = (" KIND("?2") ") ORDER BY c.card LIMIT ?3",
			  "ibd", now, kind->spki, limit);

	return sql_collect(query, read_number, g_free, error);
}
