/* SPDX-License-Identifier: Apache-2.0
 * SQLite's backup API inside a read transaction: the snapshot does not move, so the copy never
 * starts again, however much is written meanwhile. */
#include "daemon/store/store_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/store/sql.h"
#include "daemon/store/store_private.h"
#include "pkcs11/failpoint.h"

#define PAGES 256 /* a step: one mebibyte */

static gboolean fail(sqlite3 *copy, const char *path, GError **error)
{
	return error_set(error, ERROR_STORE, N_("the database cannot be copied to %s: %s"), path,
			 sqlite3_errmsg(copy));
}

/* The copy is opened by whoever restores it; until then it needs no journal of its own. */
static gboolean copy_pages(StoreTx *tx, sqlite3 *copy, GError **error)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy, "main", tx->link->db, "main");
	int status = backup != NULL ? SQLITE_OK : SQLITE_ERROR;

	while (status == SQLITE_OK)
		status = FAILPOINT("backup.pages") == 0 ? sqlite3_backup_step(backup, PAGES)
							: SQLITE_FULL;
	if (sqlite3_backup_finish(backup) == SQLITE_OK && status == SQLITE_DONE)
		return TRUE;
	return error_set(error, ERROR_STORE, N_("the database cannot be copied: %s"),
			 sqlite3_errstr(status));
}

static gboolean sync_file(const char *path, GError **error)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	gboolean is_done = fd >= 0 && fsync(fd) == 0;
	int code = errno;

	if (fd >= 0)
		close(fd);
	return is_done || error_set(error, ERROR_STORE, N_("%s cannot be synced: %s"), path,
				    strerrordesc_np(code));
}

gboolean store_copy(StoreTx *tx, const char *path, GError **error)
{
	g_autoptr(Sql) pin = sql_query(tx, error, "SELECT count(*) FROM issuer", "");
	sqlite3 *copy = NULL;
	gboolean is_done;

	/* The first read makes the snapshot. */
	if (pin == NULL || !sql_step(pin))
		return pin != NULL && sql_end(pin, error) && FALSE;
	if (sqlite3_open_v2(path, &copy,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE,
			    NULL) != SQLITE_OK)
		is_done = fail(copy, path, error);
	else
		is_done = copy_pages(tx, copy, error);
	return sqlite3_close(copy) == SQLITE_OK && is_done && sync_file(path, error);
}

gboolean store_copy_examine(StoreTx *tx, char **ret_fault, GError **error)
{
	g_autoptr(Sql) whole = sql_query(tx, error, "PRAGMA integrity_check(1)", "");
	g_autoptr(Sql) links = sql_query(tx, error, "PRAGMA foreign_key_check", "");
	g_autofree char *fault = NULL;

	if (whole == NULL || links == NULL)
		return FALSE;
	if (sql_step(whole) && g_strcmp0(sql_peek(whole, 0), "ok") != 0)
		fault = sql_text(whole, 0);
	else if (sql_step(links))
		fault = g_strdup_printf("%s → %s", sql_peek(links, 0), sql_peek(links, 2));
	if (!sql_end(whole, error) || !sql_end(links, error))
		return FALSE;
	*ret_fault = g_steal_pointer(&fault);
	return TRUE;
}

gboolean store_copy_schema(StoreTx *tx, int *ret_schema, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error, "PRAGMA user_version", "");

	if (query == NULL || !sql_step(query))
		return query != NULL && sql_end(query, error) && FALSE;
	*ret_schema = (int) sql_int(query, 0);
	return TRUE;
}

gboolean store_copy_move_keys(StoreTx *tx, const char *from, const char *to, GError **error)
{
	g_autofree char *old = g_strdup_printf("file:%s/", from);
	g_autofree char *new = g_strdup_printf("file:%s/", to);

	return sql_run(tx, error,
		       "UPDATE issuer SET key_uri = ?2 || substr(key_uri, length(?1) + 1)"
		       " WHERE substr(key_uri, 1, length(?1)) = ?1",
		       "tt", old, new) &&
	       sql_run(tx, error,
		       "UPDATE issuer_renewal SET key_uri = ?2 || substr(key_uri, length(?1) + 1)"
		       " WHERE substr(key_uri, 1, length(?1)) = ?1",
		       "tt", old, new);
}
