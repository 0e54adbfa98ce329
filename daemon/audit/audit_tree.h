/* SPDX-License-Identifier: Apache-2.0
 * The Merkle tree of RFC 6962 2.1 over leaf hashes: grown leaf by leaf, only its right edge is
 * held. Pure. */
#pragma once

#include "daemon/audit/audit_hash.h"

#define AUDIT_TREE_LEVELS 62

/* The perfect subtrees that @size leaves make, one for each bit of @size; level 0 is a leaf. */
typedef struct AuditTree {
	guint64 size;
	guint8 edge[AUDIT_TREE_LEVELS][AUDIT_HASH_BYTES];
} AuditTree;

/* SHA-256(0x01 ‖ left ‖ right). @ret_hash may be one of them. */
void audit_tree_join(AuditHash *hash, const guint8 left[AUDIT_HASH_BYTES],
		     const guint8 right[AUDIT_HASH_BYTES], guint8 ret_hash[AUDIT_HASH_BYTES]);
/* Adds a perfect subtree of 2^@level leaves; the size must be a multiple of that. */
void audit_tree_push(AuditTree *tree, AuditHash *hash, guint level,
		     const guint8 subtree[AUDIT_HASH_BYTES]);
/* MTH; SHA-256 of nothing while there is no leaf. */
void audit_tree_root(const AuditTree *tree, AuditHash *hash, guint8 ret_root[AUDIT_HASH_BYTES]);

/* The way from a leaf to the root (2.1.1). */
typedef struct AuditPath {
	guint64 index;       /* of the leaf, from 0 */
	guint64 size;        /* leaves of the tree */
	const guint8 *steps; /* @count hashes one behind the other, lowest first */
	gsize count;
} AuditPath;
/* The root that @path leads to from @leaf. FALSE when it has the wrong length. */
gboolean audit_tree_includes(AuditHash *hash, const guint8 leaf[AUDIT_HASH_BYTES],
			     const AuditPath *path, guint8 ret_root[AUDIT_HASH_BYTES]);
