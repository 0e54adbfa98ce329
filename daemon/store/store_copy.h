/* SPDX-License-Identifier: Apache-2.0
 * A copy of the whole database beside its writers, and what is asked of a copy that came back.
 * Copying the file itself would lose what stands only in its write-ahead log. */
#pragma once

#include "daemon/store/store.h"

/* Writes what @tx (a reader) sees to a new file @path, 0600 by the umask, in small steps and
 * synced. Writers are never waited for, nor do they wait. */
gboolean store_copy(StoreTx *tx, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Everything SQLite can check, foreign keys too; *ret_fault (g_free) is NULL when all is sound. */
gboolean store_copy_examine(StoreTx *tx, char **ret_fault,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The number of the schema. */
gboolean store_copy_schema(StoreTx *tx, int *ret_schema, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keys of the CA that stood below the folder @from stand below @to from now on. */
gboolean store_copy_move_keys(StoreTx *tx, const char *from, const char *to,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
