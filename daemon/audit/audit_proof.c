/* SPDX-License-Identifier: Apache-2.0
 * Subtrees of whole blocks come from the nodes kept; inside a block they are summed up from its
 * records, which are read once for neighbouring proofs. */
#include "daemon/audit/audit_proof.h"

#include <string.h>

#include "daemon/audit/audit_checkpoint.h"
#include "daemon/audit/audit_record.h"
#include "daemon/base/error.h"

#define LEVEL  AUDIT_CHECKPOINT_LEVEL
#define BLOCK  AUDIT_CHECKPOINT_BLOCK
#define BLOCKS 16 /* kept in memory */

struct AuditProof {
	StoreTx *tx;
	AuditHash *hash;
	guint64 size;
	GHashTable *blocks; /* number of the block → its leaf hashes */
};

typedef struct Leaves {
	AuditHash *hash;
	guint8 *bytes;
	gint64 first;
	gint64 next;
} Leaves;

AuditProof *audit_proof_new(StoreTx *tx, gint64 size)
{
	AuditProof *proof = g_new0(AuditProof, 1);

	proof->tx = tx;
	proof->hash = audit_hash_new();
	proof->size = (guint64) size;
	proof->blocks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	return proof;
}

void audit_proof_free(AuditProof *proof)
{
	if (proof == NULL)
		return;
	audit_hash_free(proof->hash);
	g_hash_table_unref(proof->blocks);
	g_free(proof);
}

static gboolean take_leaf(gint64 seq, int version, const guint8 *record_hash, gpointer data)
{
	Leaves *leaves = data;

	if (seq != leaves->next || record_hash == NULL)
		return FALSE;
	audit_record_leaf(leaves->hash, version, record_hash,
			  leaves->bytes + (seq - leaves->first) * AUDIT_HASH_BYTES);
	leaves->next++;
	return TRUE;
}

/* Leaf hashes of a block, up to the size of the tree. */
static const guint8 *block_of(AuditProof *proof, guint64 block, GError **error)
{
	gint64 key = (gint64) block;
	gint64 first = key * BLOCK + 1;
	gint64 end = MIN(first + BLOCK, (gint64) proof->size + 1);
	Leaves leaves = { .hash = proof->hash, .first = first, .next = first };
	guint8 *known = g_hash_table_lookup(proof->blocks, &key);

	if (known != NULL)
		return known;
	if (g_hash_table_size(proof->blocks) >= BLOCKS)
		g_hash_table_remove_all(proof->blocks);
	leaves.bytes = g_malloc0((gsize) BLOCK * AUDIT_HASH_BYTES);
	if (!store_ledger_hashes(proof->tx, first, end, take_leaf, &leaves, error) ||
	    leaves.next != end) {
		g_free(leaves.bytes);
		if (error != NULL && *error == NULL)
			error_set(error, ERROR_STORE,
				  N_("record %lld of the audit trail is missing or "
				     "damaged; run `opcardctl audit verify`"),
				  (long long) leaves.next);
		return NULL;
	}
	g_hash_table_insert(proof->blocks, g_memdup2(&key, sizeof(key)), leaves.bytes);
	return leaves.bytes;
}

static gboolean small_subtree(AuditProof *proof, guint64 first, guint64 count,
			      guint8 ret_hash[AUDIT_HASH_BYTES], GError **error)
{
	const guint8 *leaves = block_of(proof, first >> LEVEL, error);
	AuditTree tree = { 0 };

	if (leaves == NULL)
		return FALSE;
	for (guint64 i = 0; i < count; i++)
		audit_tree_push(&tree, proof->hash, 0,
				leaves + ((first & (BLOCK - 1)) + i) * AUDIT_HASH_BYTES);
	audit_tree_root(&tree, proof->hash, ret_hash);
	return TRUE;
}

static guint64 split(guint64 count)
{
	guint64 k = 1;

	while (k * 2 < count)
		k *= 2;
	return k;
}

/* MTH of @count leaves from @first on, as it stands in the tree. */
static gboolean subtree(AuditProof *proof, guint64 first, guint64 count,
			guint8 ret_hash[AUDIT_HASH_BYTES], GError **error)
{
	guint8 right[AUDIT_HASH_BYTES];
	gboolean is_there = TRUE;
	guint64 k;

	if (count < BLOCK)
		return small_subtree(proof, first, count, ret_hash, error);
	if ((count & (count - 1)) == 0) {
		int level = g_bit_nth_lsf(count, -1);

		return store_tree_node(proof->tx, level, (gint64) (first >> level), ret_hash,
				       &is_there, error) &&
		       (is_there || error_set(error, ERROR_STORE,
					      N_("a node of the audit trail's tree is missing; run "
						 "`opcardctl audit verify`")));
	}
	k = split(count);
	if (!subtree(proof, first, k, ret_hash, error) ||
	    !subtree(proof, first + k, count - k, right, error))
		return FALSE;
	audit_tree_join(proof->hash, ret_hash, right, ret_hash);
	return TRUE;
}

gboolean audit_proof_path(AuditProof *proof, gint64 seq, GByteArray *path, GError **error)
{
	guint8 steps[AUDIT_TREE_LEVELS][AUDIT_HASH_BYTES];
	guint64 index = (guint64) seq - 1, first = 0, count = proof->size;
	guint depth = 0;

	g_return_val_if_fail(seq >= 1 && index < count, FALSE);
	while (count > 1) {
		guint64 k = split(count);
		gboolean is_left = index < first + k;

		if (!subtree(proof, is_left ? first + k : first, is_left ? count - k : k,
			     steps[depth++], error))
			return FALSE;
		first = is_left ? first : first + k;
		count = is_left ? k : count - k;
	}
	while (depth > 0)
		g_byte_array_append(path, steps[--depth], AUDIT_HASH_BYTES);
	return TRUE;
}
