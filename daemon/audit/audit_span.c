/* SPDX-License-Identifier: Apache-2.0
 * Every record of a stretch is hashed again, its seal is made again, and its leaf joins the tree.
 * After the first bad record nothing behind it is said to be good or bad. */
#include "daemon/audit/audit_span.h"

#include <string.h>

#include "daemon/audit/audit_record.h"
#include "daemon/base/error.h"

typedef struct Check {
	AuditSpan *span;
	AuditHash *hash;
	gint64 next;
	guint8 prev[AUDIT_HASH_BYTES];
	int version;
	gint64 newest; /* moment of entry */
	gsize asked;   /* sizes answered */
} Check;

void audit_span_free(AuditSpan *span)
{
	if (span == NULL)
		return;
	g_free(span->asked);
	g_free(span);
}

void audit_span_edge(const AuditSpan *span, AuditSpanEdge *ret_edge)
{
	ret_edge->size = span->tree.size;
	memcpy(ret_edge->edge, span->tree.edge, sizeof(ret_edge->edge));
}

void audit_span_join(AuditTree *tree, AuditHash *hash, const AuditSpanEdge *edge)
{
	for (int level = AUDIT_SPAN_LEVEL; level >= 0; level--)
		if (((edge->size >> level) & 1) != 0)
			audit_tree_push(tree, hash, (guint) level, edge->edge[level]);
}

static const char *fault_of_personal(const Check *check, const LedgerRaw *row)
{
	const AuditFields fields = { { row->actor, row->second, row->staff, row->body } };
	guint8 sealed[AUDIT_HASH_BYTES];

	if (!row->has_personal)
		return row->seq <= check->span->disposed
			       ? NULL
			       : N_("the personal part was deleted before its time");
	if (row->salt == NULL)
		return N_("the salt of the personal part is damaged");
	audit_record_seal(check->hash, row->salt, &fields, sealed);
	return memcmp(sealed, row->sealed, sizeof(sealed)) == 0
		       ? NULL
		       : N_("the personal part is not the one that was sealed");
}

/* What the guard of the clock notes: time may step back there, for everybody to see. */
static gboolean is_clock(const char *record)
{
	return strstr(record, " clock-") != NULL;
}

static const char *fault_of(const Check *check, const LedgerRaw *row, int version)
{
	guint8 hash[AUDIT_HASH_BYTES];

	if (row->seq != check->next)
		return N_("a record is missing or was put in between");
	if (version == 0 || version < check->version || row->hash == NULL ||
	    (version == 2 && row->sealed == NULL))
		return N_("the record does not have the form of a record");
	/* Nothing is left that its hash could be made of; chain and tree still hold it. */
	if (version == 1 && !row->has_personal && row->seq <= check->span->disposed)
		return NULL;
	if (!audit_record_hash(check->hash, check->prev, row, hash) ||
	    memcmp(hash, row->hash, sizeof(hash)) != 0)
		return N_("the record was changed, or is not the one that was written after the "
			  "one before it");
	if (audit_record_entered(row->record) < check->newest - AUDIT_SPAN_CLOCK &&
	    !is_clock(row->record))
		return N_("the clock had been set back when the record was written");
	return version == 2 ? fault_of_personal(check, row) : NULL;
}

static gboolean take(const LedgerRaw *row, gpointer data)
{
	Check *check = data;
	AuditSpan *span = check->span;
	int version = audit_record_version(row->record);
	guint8 leaf[AUDIT_HASH_BYTES];

	span->reason = fault_of(check, row, version);
	if (span->reason != NULL) {
		span->first_bad = check->next;
		return FALSE;
	}
	audit_record_leaf(check->hash, version, row->hash, leaf);
	audit_tree_push(&span->tree, check->hash, 0, leaf);
	while (check->asked < span->size_count && span->sizes[check->asked] == row->seq)
		audit_span_edge(span, &span->asked[check->asked++]);
	memcpy(check->prev, row->hash, sizeof(check->prev));
	check->version = version;
	check->newest = is_clock(row->record)
				? audit_record_entered(row->record)
				: MAX(check->newest, audit_record_entered(row->record));
	check->next++;
	return TRUE;
}

static gboolean take_before(const LedgerRaw *row, gpointer data)
{
	Check *check = data;

	if (row->hash != NULL)
		memcpy(check->prev, row->hash, sizeof(check->prev));
	check->version = audit_record_version(row->record);
	check->newest = audit_record_entered(row->record);
	return TRUE;
}

gboolean audit_span_check(StoreTx *tx, AuditSpan *span, GError **error)
{
	g_autoptr(AuditHash) hash = audit_hash_new();
	Check check = { .span = span, .hash = hash, .next = span->first };

	span->asked = g_new0(AuditSpanEdge, span->size_count);
	if (!store_ledger_walk(tx, span->first - 1, span->first, take_before, &check, error) ||
	    !store_ledger_walk(tx, span->first, span->end, take, &check, error))
		return FALSE;
	if (span->reason == NULL && check.next != span->end) {
		span->reason = N_("a record is missing or was put in between");
		span->first_bad = check.next;
	}
	return TRUE;
}
