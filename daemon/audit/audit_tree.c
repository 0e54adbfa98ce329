/* SPDX-License-Identifier: Apache-2.0
 * The tree's right edge, and paths. */
#include "daemon/audit/audit_tree.h"

#include <string.h>

void audit_tree_join(AuditHash *hash, const guint8 left[AUDIT_HASH_BYTES],
		     const guint8 right[AUDIT_HASH_BYTES], guint8 ret_hash[AUDIT_HASH_BYTES])
{
	guint8 pair[1 + 2 * AUDIT_HASH_BYTES] = { 1 };

	memcpy(pair + 1, left, AUDIT_HASH_BYTES);
	memcpy(pair + 1 + AUDIT_HASH_BYTES, right, AUDIT_HASH_BYTES);
	audit_hash_begin(hash);
	audit_hash_add(hash, pair, sizeof(pair));
	audit_hash_end(hash, ret_hash);
}

void audit_tree_push(AuditTree *tree, AuditHash *hash, guint level,
		     const guint8 subtree[AUDIT_HASH_BYTES])
{
	guint8 node[AUDIT_HASH_BYTES];
	guint at = level;

	memcpy(node, subtree, sizeof(node));
	for (; ((tree->size >> at) & 1) != 0; at++)
		audit_tree_join(hash, tree->edge[at], node, node);
	memcpy(tree->edge[at], node, sizeof(node));
	tree->size += G_GUINT64_CONSTANT(1) << level;
}

void audit_tree_root(const AuditTree *tree, AuditHash *hash, guint8 ret_root[AUDIT_HASH_BYTES])
{
	gboolean has_any = FALSE;

	for (guint at = 0; at < AUDIT_TREE_LEVELS; at++) {
		if (((tree->size >> at) & 1) == 0)
			continue;
		if (has_any)
			audit_tree_join(hash, tree->edge[at], ret_root, ret_root);
		else
			memcpy(ret_root, tree->edge[at], AUDIT_HASH_BYTES);
		has_any = TRUE;
	}
	if (has_any)
		return;
	audit_hash_begin(hash);
	audit_hash_end(hash, ret_root);
}

/* RFC 9162 2.1.3.2, the same tree told as an algorithm. */
gboolean audit_tree_includes(AuditHash *hash, const guint8 leaf[AUDIT_HASH_BYTES],
			     const AuditPath *path, guint8 ret_root[AUDIT_HASH_BYTES])
{
	guint64 node = path->index, last = path->size - 1;

	if (path->index >= path->size)
		return FALSE;
	memcpy(ret_root, leaf, AUDIT_HASH_BYTES);
	for (gsize i = 0; i < path->count; i++) {
		const guint8 *step = path->steps + i * AUDIT_HASH_BYTES;

		if (last == 0)
			return FALSE;
		if ((node & 1) != 0 || node == last) {
			audit_tree_join(hash, step, ret_root, ret_root);
			while ((node & 1) == 0 && node != 0) {
				node >>= 1;
				last >>= 1;
			}
		} else {
			audit_tree_join(hash, ret_root, step, ret_root);
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0;
}
