/* SPDX-License-Identifier: Apache-2.0
 * A checkpoint: the root of the tree over the first SIZE records, signed by a key that signs
 * nothing else. One line, capitals only (a QR code takes it in its alphanumeric mode), blanks
 * between:
 *
 *   OPCARD-CHECKPOINT/1 NUMBER SIZE ROOT TIME PREVIOUS KEY SIGNATURE
 *
 * NUMBER 1, 2, 3 …; ROOT 64 hex digits (RFC 6962 over the leaves of audit_record.h); TIME seconds
 * since 1970; PREVIOUS SHA-256 of the whole line before, zeros for the first; KEY the first 16 hex
 * digits of SHA-256 over the key's SubjectPublicKeyInfo; SIGNATURE hex of ECDSA (DER) with SHA-256
 * over everything before its blank. */
#pragma once

#include "daemon/audit/audit.h"
#include "daemon/store/store_tree.h"

#define AUDIT_CHECKPOINT_KEY 16

typedef struct AuditCheckpoint {
	gint64 number;
	gint64 size;
	gint64 at;
	guint8 root[AUDIT_HASH_BYTES];
	guint8 prev[AUDIT_HASH_BYTES];
	char key[AUDIT_CHECKPOINT_KEY + 1];
	gsize signed_length; /* of the line, without blank and signature */
} AuditCheckpoint;

/* A checkpoint that is still to be signed and kept. */
typedef struct AuditDraft {
	AuditCheckpoint checkpoint;
	char *text;    /* what is signed */
	GArray *nodes; /* AuditNode, of blocks that became full */
} AuditDraft;

typedef struct AuditNode {
	gint64 level;
	gint64 position;
	guint8 hash[AUDIT_HASH_BYTES];
} AuditNode;

/* Blocks of 2^AUDIT_CHECKPOINT_LEVEL records have their nodes kept, so that nothing is ever summed
 * up from the first record on. */
#define AUDIT_CHECKPOINT_LEVEL 10
#define AUDIT_CHECKPOINT_BLOCK (1 << AUDIT_CHECKPOINT_LEVEL)

/* "0123456789ABCDEF" of a key. */
void audit_checkpoint_key(GBytes *spki, char ret_key[AUDIT_CHECKPOINT_KEY + 1]);
/* Pins the key and says so in the trail: @record's kind and body are set here. */
gboolean audit_checkpoint_pin(StoreTx *tx, GBytes *spki, const AuditRecord *record,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE for anything but such a line. */
gboolean audit_checkpoint_parse(const char *line, AuditCheckpoint *ret_checkpoint);
/* The first four words alone, as they are printed on paper and in its QR code: number, size, root.
 */
gboolean audit_checkpoint_parse_paper(const char *line, AuditCheckpoint *ret_checkpoint);
/* Whether the holder of @spki signed it. */
gboolean audit_checkpoint_is_signed(const char *line, const AuditCheckpoint *checkpoint,
				    GBytes *spki);
/* What PREVIOUS of the next one is. */
void audit_checkpoint_hash(const char *line, guint8 ret_hash[AUDIT_HASH_BYTES]);

/* Records behind the last checkpoint, and when that was made (0: never). */
gboolean audit_checkpoint_behind(StoreTx *tx, gint64 *ret_records, gint64 *ret_at,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A draft over all records there are; *ret_draft NULL when there is none since the last one. Reads
 * at most the records since. */
gboolean audit_checkpoint_draft(StoreTx *tx, const char *key, gint64 now, AuditDraft **ret_draft,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps the signed draft, in a transaction that may have begun later. *ret_line: the whole line.
 * Fails when there is a newer checkpoint. */
gboolean audit_checkpoint_keep(StoreTx *tx, const AuditDraft *draft, GBytes *signature,
			       char **ret_line, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void audit_checkpoint_draft_free(AuditDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditDraft, audit_checkpoint_draft_free)
