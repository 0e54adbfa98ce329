/* SPDX-License-Identifier: Apache-2.0
 * The chain: SHA-256 over the previous hash and every column, each with its length, so that no two
 * records have the same bytes. */
#include "daemon/audit/audit.h"

#include <string.h>

#include "daemon/audit/audit_kind.h"
#include "daemon/base/error.h"

#define PAGE 1000

static const guint8 genesis[AUDIT_HASH_BYTES] = { 0 };

static void add_text(GChecksum *sum, const char *text)
{
	gint64 length = text != NULL ? (gint64) strlen(text) : -1;
	gint64 wire = GINT64_TO_BE(length);

	g_checksum_update(sum, (const guchar *) &wire, sizeof(wire));
	if (text != NULL)
		g_checksum_update(sum, (const guchar *) text, (gssize) length);
}

static void add_number(GChecksum *sum, gint64 number)
{
	gint64 wire = GINT64_TO_BE(number);

	g_checksum_update(sum, (const guchar *) &wire, sizeof(wire));
}

static GBytes *hash_row(const LedgerRow *row)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[AUDIT_HASH_BYTES];
	gsize length = sizeof(digest);

	g_checksum_update(sum, g_bytes_get_data(row->prev, NULL),
			  (gssize) g_bytes_get_size(row->prev));
	add_number(sum, row->seq);
	add_number(sum, row->at);
	add_number(sum, row->entered_at);
	add_text(sum, row->kind);
	add_text(sum, row->article);
	add_text(sum, row->actor);
	add_text(sum, row->second);
	add_text(sum, row->card);
	add_text(sum, row->staff);
	add_text(sum, row->body);
	g_checksum_get_digest(sum, digest, &length);
	return g_bytes_new(digest, length);
}

gboolean audit_append(StoreTx *tx, const AuditRecord *record, gint64 *ret_seq, GError **error)
{
	g_autoptr(LedgerRow) last = NULL;
	LedgerRow row = {
		.at = record->at,
		.entered_at = record->entered_at,
		.kind = (char *) record->kind,
		.article = (char *) record->article,
		.actor = (char *) record->actor,
		.second = (char *) record->second,
		.card = (char *) record->card,
		.staff = (char *) record->staff,
		.body = (char *) record->body,
	};
	gboolean is_written;

	if (!audit_kind_is_known(record->kind))
		return error_set(error, ERROR_INTERNAL, N_("unknown ledger kind \"%s\""),
				 record->kind);
	if (!store_ledger_last(tx, &last, error))
		return FALSE;
	row.seq = last != NULL ? last->seq + 1 : 1;
	row.prev = last != NULL ? g_bytes_ref(last->hash)
				: g_bytes_new_static(genesis, sizeof(genesis));
	row.hash = hash_row(&row);
	is_written = store_ledger_append(tx, &row, error);
	g_bytes_unref(row.prev);
	g_bytes_unref(row.hash);
	if (is_written && ret_seq != NULL)
		*ret_seq = row.seq;
	return is_written;
}

static void hex(GBytes *hash, char ret_hex[AUDIT_HASH_BYTES * 2 + 1])
{
	gsize length;
	const guint8 *data = g_bytes_get_data(hash, &length);

	for (gsize i = 0; i < MIN(length, AUDIT_HASH_BYTES); i++)
		g_snprintf(ret_hex + 2 * i, 3, "%02x", data[i]);
}

static const char *fault_of(const LedgerRow *row, gint64 seq, GBytes *prev)
{
	g_autoptr(GBytes) hash = hash_row(row);

	if (row->seq != seq)
		return N_("a record is missing or was put in between");
	if (!g_bytes_equal(row->prev, prev))
		return N_("the chain is broken: the record before it is not the one it was "
			  "written after");
	if (!g_bytes_equal(row->hash, hash))
		return N_("the record was changed after it was written");
	return NULL;
}

gboolean audit_verify(StoreTx *tx, AuditVerdict *ret_verdict, GError **error)
{
	AuditVerdict verdict = { .is_ok = TRUE };
	g_autoptr(GBytes) prev = g_bytes_new_static(genesis, sizeof(genesis));
	guint got = PAGE;

	while (verdict.is_ok && got == PAGE) {
		/* The first page begins below 1: a record may have been put there. */
		LedgerFilter filter = { .after = verdict.count > 0 ? verdict.count : G_MININT64,
					.limit = PAGE };
		g_autoptr(GPtrArray) rows = store_ledger_list(tx, &filter, error);

		if (rows == NULL)
			return FALSE;
		got = rows->len;
		for (guint i = 0; i < rows->len && verdict.is_ok; i++) {
			const LedgerRow *row = rows->pdata[i];

			verdict.reason = fault_of(row, verdict.count + 1, prev);
			verdict.is_ok = verdict.reason == NULL;
			verdict.first_bad = verdict.is_ok ? 0 : verdict.count + 1;
			verdict.count += verdict.is_ok ? 1 : 0;
			g_bytes_unref(prev);
			prev = g_bytes_ref(row->hash);
		}
	}
	if (verdict.count > 0)
		hex(prev, verdict.head);
	*ret_verdict = verdict;
	return TRUE;
}

char *audit_head(StoreTx *tx, gint64 *ret_count, GError **error)
{
	g_autoptr(LedgerRow) last = NULL;
	char text[AUDIT_HASH_BYTES * 2 + 1] = "";

	if (!store_ledger_last(tx, &last, error))
		return NULL;
	if (last != NULL)
		hex(last->hash, text);
	*ret_count = last != NULL ? last->seq : 0;
	return g_strdup(text);
}
