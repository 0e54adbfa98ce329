/* SPDX-License-Identifier: Apache-2.0
 * The store: one SQLite database (WAL, synchronous=FULL), one writer behind a FIFO lock, readers
 * on snapshots of their own. No transaction may be open while a card, a peer or a child is waited
 * for. */
#pragma once

#include <glib.h>

typedef struct Store Store;
typedef struct StoreTx StoreTx;

typedef enum StorePriority {
	STORE_URGENT, /* revocations and holds go first */
	STORE_NORMAL,
	STORE_LAZY, /* goes last and is not synced: a power failure may take it, a crash may not */
	_STORE_PRIORITY_MAX,
} StorePriority;

/* Opens or creates FOLDER/opcard.db, takes the folder's lock (ERROR_EXISTS if another daemon has
 * it), migrates after a backup, refuses a newer schema. @now stamps the backup's name. */
Store *store_open(const char *folder, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* Waits for its turn, then begins to write. Rolled back unless committed. */
StoreTx *store_tx_begin(Store *store, StorePriority priority,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A snapshot to read from; also opened beside a writer. */
StoreTx *store_tx_read(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Another one of the same store, for another thread. */
StoreTx *store_tx_beside(const StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Commits and frees @tx in any case. On failure nothing of it remains. */
gboolean store_tx_commit(StoreTx **tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_tx_abort(StoreTx *tx);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTx, store_tx_abort)

/* Moves the write-ahead log into the database; called by a thread of its own. */
void store_checkpoint(Store *store);

/* The next number of a counter, from 1 ("designation-2026"). */
gboolean store_next(StoreTx *tx, const char *counter, gint64 *ret_number,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reserves @count numbers at once; @ret_first is the first of them. */
gboolean store_reserve(StoreTx *tx, const char *counter, gint64 count, gint64 *ret_first,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
