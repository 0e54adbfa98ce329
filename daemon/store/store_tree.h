/* SPDX-License-Identifier: Apache-2.0
 * Rows of the tree over the ledger, of its checkpoints and of the keys they were signed with. */
#pragma once

#include "daemon/store/store_ledger.h"

typedef struct TreeCheckpoint {
	gint64 number;
	gint64 size; /* records it covers */
	char *line;  /* audit/audit_checkpoint.h */
} TreeCheckpoint;

void store_tree_checkpoint_free(TreeCheckpoint *checkpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TreeCheckpoint, store_tree_checkpoint_free)

/* *ret_is_there FALSE when there is no such node. */
gboolean store_tree_node(StoreTx *tx, gint64 level, gint64 position,
			 guint8 ret_hash[STORE_LEDGER_HASH], gboolean *ret_is_there,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_tree_put_node(StoreTx *tx, gint64 level, gint64 position,
			     const guint8 hash[STORE_LEDGER_HASH],
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many nodes of @level there are, counted by the last one. */
gboolean store_tree_width(StoreTx *tx, gint64 level, gint64 *ret_count,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* *ret_checkpoint NULL while there is none. */
gboolean store_tree_last(StoreTx *tx, TreeCheckpoint **ret_checkpoint,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_tree_add(StoreTx *tx, const TreeCheckpoint *checkpoint,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Up to @limit with a number above @after, ascending. Array of TreeCheckpoint. */
GPtrArray *store_tree_list(StoreTx *tx, gint64 after, int limit,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SubjectPublicKeyInfo of key @id, NULL in *ret_spki when it is not pinned. */
gboolean store_tree_key(StoreTx *tx, const char *id, GBytes **ret_spki,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The key pinned last, NULL in *ret_id when there is none. */
gboolean store_tree_newest_key(StoreTx *tx, char **ret_id,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @since: the record that tells of it. */
gboolean store_tree_pin_key(StoreTx *tx, const char *id, GBytes *spki, gint64 since,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the triggers that keep the ledger from being changed are as the schema made them. */
gboolean store_tree_is_guarded(StoreTx *tx, gboolean *ret_is_guarded,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
