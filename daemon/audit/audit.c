/* SPDX-License-Identifier: Apache-2.0
 * Records are appended: canonical text, seal, hash. */
#include "daemon/audit/audit.h"

#include <openssl/rand.h>
#include <string.h>

#include "daemon/audit/audit_kind.h"
#include "daemon/audit/audit_record.h"
#include "daemon/base/error.h"

gboolean audit_append(StoreTx *tx, const AuditRecord *record, gint64 *ret_seq, GError **error)
{
	g_autoptr(AuditHash) hash = audit_hash_new();
	const AuditFields fields = {
		{ record->actor, record->second, record->staff, record->body },
	};
	guint8 prev[AUDIT_HASH_BYTES], sealed[AUDIT_HASH_BYTES], own[AUDIT_HASH_BYTES];
	guint8 salt[STORE_LEDGER_SALT];
	LedgerRaw row = { .sealed = sealed,
			  .hash = own,
			  .salt = salt,
			  .actor = record->actor,
			  .second = record->second,
			  .staff = record->staff,
			  .body = record->body };
	g_autofree char *text = NULL;

	if (!audit_kind_is_known(record->kind))
		return error_set(error, ERROR_INTERNAL, N_("unknown ledger kind \"%s\""),
				 record->kind);
	if (!store_ledger_tip(tx, &row.seq, prev, error))
		return FALSE;
	if (RAND_bytes(salt, sizeof(salt)) != 1)
		return error_set(error, ERROR_INTERNAL, N_("the random numbers failed"));
	text = audit_record_text(record);
	if (text == NULL)
		return error_set(error, ERROR_INTERNAL,
				 N_("a record of the audit trail has a field that is too long"));
	row.seq++;
	row.record = text;
	row.length = strlen(text);
	audit_record_seal(hash, salt, &fields, sealed);
	if (!audit_record_hash(hash, prev, &row, own) || !store_ledger_append(tx, &row, error))
		return FALSE;
	if (ret_seq != NULL)
		*ret_seq = row.seq;
	return TRUE;
}

char *audit_head(StoreTx *tx, gint64 *ret_count, GError **error)
{
	guint8 hash[AUDIT_HASH_BYTES];
	char text[AUDIT_HASH_BYTES * 2 + 1] = "";

	if (!store_ledger_tip(tx, ret_count, hash, error))
		return NULL;
	if (*ret_count > 0)
		audit_hash_hex(hash, sizeof(hash), text);
	return g_strdup(text);
}
