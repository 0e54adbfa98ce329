/* SPDX-License-Identifier: Apache-2.0
 * The ledger as a chain: every record carries the hash of the one before it, and is written in the
 * transaction of the change it tells of. 発行簿 and 管理簿 are views of it. What is hashed stands
 * in audit_record.h, what is signed in audit_checkpoint.h. */
#pragma once

#include "daemon/audit/audit_hash.h"
#include "daemon/store/store_ledger.h"

/* What happened; strings are borrowed. */
typedef struct AuditRecord {
	const char *kind;
	const char *article; /* T13, N31 … */
	const char *actor;   /* staff number, "root" or "opcardd" */
	const char *second;  /* witness or second person, or NULL */
	const char *card;
	const char *staff;
	const char *body; /* JSON object text */
	gint64 at;        /* when it happened; back-entries lie before @entered_at */
	gint64 entered_at;
} AuditRecord;

/* Appends within @tx. *ret_seq (may be NULL) is the record's number. */
gboolean audit_append(StoreTx *tx, const AuditRecord *record, gint64 *ret_seq,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct AuditVerdict {
	gboolean is_ok;
	gint64 count;
	char head[AUDIT_HASH_BYTES * 2 + 1]; /* hex of the last hash */
	gint64 first_bad;                    /* sequence number, 0 when none is to blame */
	gint64 last_bad;    /* the bad one is not behind this one; mostly the same number */
	gint64 checkpoints; /* that were compared, those of the witness too */
	gint64 sealed;      /* records that they cover */
	const char *reason; /* N_() text, NULL when ok */
} AuditVerdict;

/* What the trail is held against. Strings are borrowed. */
typedef struct AuditWitness {
	const char *const *lines; /* of the witness file, NULL-terminated, or NULL */
	const char *key;          /* that this daemon signs with, or NULL */
} AuditWitness;

/* Recomputes the whole chain and tree and compares every checkpoint. @witness may be NULL. Uses
 * further connections of the same store where there is much to do. */
gboolean audit_verify(StoreTx *tx, const AuditWitness *witness, AuditVerdict *ret_verdict,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Hex of the newest record's hash and its number; "" and 0 while empty. Free with g_free. */
char *audit_head(StoreTx *tx, gint64 *ret_count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
