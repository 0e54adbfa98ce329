/* SPDX-License-Identifier: Apache-2.0
 * Inclusion proofs (RFC 6962 2.1.1) out of the nodes kept and the records around. */
#pragma once

#include "daemon/audit/audit_tree.h"
#include "daemon/store/store_tree.h"

typedef struct AuditProof AuditProof;

/* @size records, which a checkpoint covers. */
AuditProof *audit_proof_new(StoreTx *tx, gint64 size);
void audit_proof_free(AuditProof *proof);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditProof, audit_proof_free)

/* Appends the path of record @seq to @path, lowest hash first. */
gboolean audit_proof_path(AuditProof *proof, gint64 seq, GByteArray *path,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
