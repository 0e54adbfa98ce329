/* SPDX-License-Identifier: Apache-2.0
 * Connections, the writers' queue, and transactions that undo themselves. */
#include "daemon/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/store/schema.h"
#include "daemon/store/sql.h"
#include "daemon/store/store_private.h"
#include "pkcs11/failpoint.h"

typedef struct Waiter {
	GCond turn;
	gboolean is_first;
} Waiter;

struct Store {
	char *path;
	int lock;
	StoreLink *writer;
	StoreLink *keeper; /* the checkpointer's connection */
	GMutex mutex;      /* guards what follows */
	gboolean is_writing;
	GQueue waiting[_STORE_PRIORITY_MAX];
	GQueue readers; /* idle StoreLink */
};

static void close_link(StoreLink *link)
{
	if (link == NULL)
		return;
	g_clear_pointer(&link->statements, g_hash_table_unref);
	sqlite3_close(link->db);
	g_free(link);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreLink, close_link)

static void finalize_statement(gpointer statement)
{
	sqlite3_finalize(statement);
}

static StoreLink *open_link(const char *path, GError **error)
{
	g_autoptr(StoreLink) link = g_new0(StoreLink, 1);

	link->statements = g_hash_table_new_full(NULL, NULL, NULL, finalize_statement);
	if (sqlite3_open_v2(path, &link->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK) {
		error_set(error, ERROR_STORE, N_("cannot open %s: %s"), path,
			  sqlite3_errmsg(link->db));
		return NULL;
	}
	sqlite3_busy_timeout(link->db, 10000);
	if (!sql_script(link->db,
			"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
			"PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192;"
			"PRAGMA trusted_schema=OFF",
			error))
		return NULL;
	return g_steal_pointer(&link);
}

static int take_lock(const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "lock", NULL);
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		error_set(error, ERROR_STORE, N_("cannot open %s: %s"), path,
			  strerrordesc_np(errno));
		return -1;
	}
	if (fcntl(fd, F_OFD_SETLK, &all) != 0) {
		error_set(error, ERROR_EXISTS,
			  N_("another opcardd already works on %s; stop it first"), folder);
		close(fd);
		return -1;
	}
	return fd;
}

static gboolean check_folder(const char *folder, GError **error)
{
	struct stat facts;

	if (g_mkdir_with_parents(folder, 0700) != 0 || stat(folder, &facts) != 0)
		return error_set(error, ERROR_STORE, N_("cannot use the folder %s: %s"), folder,
				 strerrordesc_np(errno));
	if ((facts.st_mode & 077) != 0 || facts.st_uid != geteuid())
		return error_set(error, ERROR_STORE,
				 N_("%s must belong to the daemon alone: chown it to this user "
				    "and chmod 700"),
				 folder);
	return TRUE;
}

Store *store_open(const char *folder, gint64 now, GError **error)
{
	g_autoptr(Store) store = g_new0(Store, 1);
	g_autofree char *backup =
		g_strdup_printf("%s/before-migration-%" G_GINT64_FORMAT ".db", folder, now);

	g_mutex_init(&store->mutex);
	g_queue_init(&store->readers);
	for (int i = 0; i < _STORE_PRIORITY_MAX; i++)
		g_queue_init(&store->waiting[i]);
	store->lock = -1;
	if (!check_folder(folder, error))
		return NULL;
	store->lock = take_lock(folder, error);
	store->path = g_build_filename(folder, "opcard.db", NULL);
	if (store->lock < 0)
		return NULL;
	store->writer = open_link(store->path, error);
	if (store->writer == NULL || !schema_migrate(store->writer->db, backup, error))
		return NULL;
	store->keeper = open_link(store->path, error);
	if (store->keeper == NULL)
		return NULL;
	g_chmod(store->path, 0600);
	return g_steal_pointer(&store);
}

void store_close(Store *store)
{
	if (store == NULL)
		return;
	while (!g_queue_is_empty(&store->readers))
		close_link(g_queue_pop_head(&store->readers));
	close_link(store->keeper);
	close_link(store->writer);
	if (store->lock >= 0)
		close(store->lock);
	g_mutex_clear(&store->mutex);
	g_free(store->path);
	g_free(store);
}

static void wait_for_turn(Store *store, StorePriority priority)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->mutex);
	Waiter self = { .is_first = FALSE };

	if (!store->is_writing) {
		store->is_writing = TRUE;
		return;
	}
	g_cond_init(&self.turn);
	g_queue_push_tail(&store->waiting[priority], &self);
	while (!self.is_first)
		g_cond_wait(&self.turn, &store->mutex);
	g_cond_clear(&self.turn);
}

static void give_turn(Store *store)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->mutex);
	Waiter *next = NULL;

	for (int i = 0; i < _STORE_PRIORITY_MAX && next == NULL; i++)
		next = g_queue_pop_head(&store->waiting[i]);
	if (next == NULL) {
		store->is_writing = FALSE;
		return;
	}
	next->is_first = TRUE;
	g_cond_signal(&next->turn);
}

/* What a later commit syncs goes to the disk with everything written before it. */
static gboolean set_lazy(StoreLink *writer, gboolean is_lazy, GError **error)
{
	if (writer->is_lazy == is_lazy)
		return TRUE;
	if (!sql_script(writer->db,
			is_lazy ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL", error))
		return FALSE;
	writer->is_lazy = is_lazy;
	return TRUE;
}

StoreTx *store_tx_begin(Store *store, StorePriority priority, GError **error)
{
	StoreTx *tx;

	wait_for_turn(store, priority);
	if (!set_lazy(store->writer, priority == STORE_LAZY, error) ||
	    !sql_script(store->writer->db, "BEGIN IMMEDIATE", error)) {
		give_turn(store);
		return NULL;
	}
	tx = g_new0(StoreTx, 1);
	*tx = (StoreTx){ .store = store, .link = store->writer, .is_writer = TRUE };
	return tx;
}

StoreTx *store_tx_read(Store *store, GError **error)
{
	g_autoptr(StoreLink) link = NULL;
	StoreTx *tx;

	g_mutex_lock(&store->mutex);
	link = g_queue_pop_head(&store->readers);
	g_mutex_unlock(&store->mutex);
	if (link == NULL)
		link = open_link(store->path, error);
	if (link == NULL || !sql_script(link->db, "BEGIN", error))
		return NULL;
	tx = g_new0(StoreTx, 1);
	*tx = (StoreTx){ .store = store, .link = g_steal_pointer(&link) };
	return tx;
}

StoreTx *store_tx_beside(const StoreTx *tx, GError **error)
{
	return store_tx_read(tx->store, error);
}

static void release(StoreTx *tx)
{
	Store *store = tx->store;

	if (tx->is_writer) {
		give_turn(store);
	} else {
		g_mutex_lock(&store->mutex);
		g_queue_push_head(&store->readers, tx->link);
		g_mutex_unlock(&store->mutex);
	}
	g_free(tx);
}

gboolean store_tx_commit(StoreTx **tx, GError **error)
{
	sqlite3 *db = (*tx)->link->db;
	gboolean is_done;

	if (FAILPOINT("store.commit") != 0)
		is_done = error_set(error, ERROR_STORE, "injected failure of a commit");
	else
		is_done = sql_script(db, "COMMIT", error);
	FAILPOINT("store.committed");
	if (!is_done)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	release(g_steal_pointer(tx));
	return is_done;
}

void store_tx_abort(StoreTx *tx)
{
	if (tx == NULL)
		return;
	sqlite3_exec(tx->link->db, "ROLLBACK", NULL, NULL, NULL);
	release(tx);
}

void store_checkpoint(Store *store)
{
	sqlite3_wal_checkpoint_v2(store->keeper->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

gboolean store_reserve(StoreTx *tx, const char *counter, gint64 count, gint64 *ret_first,
		       GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "INSERT INTO counter VALUES(?1, ?2) ON CONFLICT DO UPDATE"
					 " SET value = value + ?2 RETURNING value",
					 "ti", counter, count);
	gint64 last;

	if (query == NULL || !sql_step(query))
		return query != NULL && sql_end(query, error) &&
		       error_set(error, ERROR_STORE, N_("the counter %s gave nothing"), counter);
	last = sql_int(query, 0);
	while (sql_step(query))
		continue;
	*ret_first = last - count + 1;
	return sql_end(query, error);
}

gboolean store_next(StoreTx *tx, const char *counter, gint64 *ret_number, GError **error)
{
	return store_reserve(tx, counter, 1, ret_number, error);
}
