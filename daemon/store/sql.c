/* SPDX-License-Identifier: Apache-2.0
 * Prepared statements, cached by the address of their text, bound by a string of types. */
#include "daemon/store/sql.h"

#include <stdarg.h>

#include "daemon/base/error.h"
#include "daemon/core/certificate.h"
#include "daemon/store/store_private.h"

struct Sql {
	sqlite3_stmt *statement;
	sqlite3 *db;
	int status;
	gboolean is_cached;
};

gboolean sql_fail(sqlite3 *db, GError **error)
{
	int code = sqlite3_extended_errcode(db);

	if ((code & 0xFF) == SQLITE_FULL)
		return error_set(error, ERROR_STORE,
				 N_("the disk is full; free some space and try again "
				    "(nothing was changed)"));
	return error_set(error, ERROR_STORE,
			 N_("the database refused (%s); see the daemon's log (nothing was "
			    "changed)"),
			 sqlite3_errmsg(db));
}

gboolean sql_script(sqlite3 *db, const char *script, GError **error)
{
	return sqlite3_exec(db, script, NULL, NULL, NULL) == SQLITE_OK || sql_fail(db, error);
}

static sqlite3_stmt *prepare(StoreTx *tx, const char *sql, GError **error)
{
	sqlite3_stmt *statement = g_hash_table_lookup(tx->link->statements, sql);

	if (statement != NULL && !sqlite3_stmt_busy(statement))
		return statement;
	if (sqlite3_prepare_v3(tx->link->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
			       NULL) != SQLITE_OK) {
		sql_fail(tx->link->db, error);
		return NULL;
	}
	if (!g_hash_table_contains(tx->link->statements, sql))
		g_hash_table_insert(tx->link->statements, (gpointer) sql, statement);
	return statement;
}

static void bind_bytes(sqlite3_stmt *statement, int i, GBytes *bytes)
{
	if (bytes == NULL)
		sqlite3_bind_null(statement, i);
	else
		sqlite3_bind_blob(statement, i, g_bytes_get_data(bytes, NULL),
				  (int) g_bytes_get_size(bytes), SQLITE_TRANSIENT);
}

static void bind(sqlite3_stmt *statement, const char *types, va_list args)
{
	for (int i = 1; types[i - 1] != '\0'; i++) {
		switch (types[i - 1]) {
		case 't':
			sqlite3_bind_text(statement, i, va_arg(args, const char *), -1,
					  SQLITE_TRANSIENT);
			break;
		case 'i':
			sqlite3_bind_int64(statement, i, va_arg(args, gint64));
			break;
		case 'd':
			sqlite3_bind_int(statement, i, va_arg(args, int));
			break;
		case 'b':
			bind_bytes(statement, i, va_arg(args, GBytes *));
			break;
		case 's':
			sqlite3_bind_blob(statement, i, va_arg(args, const guint8 *),
					  CERTIFICATE_SERIAL_BYTES, SQLITE_TRANSIENT);
			break;
		default:
			g_assert_not_reached();
		}
	}
}

static gboolean is_cached(const StoreTx *tx, const char *sql, const sqlite3_stmt *statement)
{
	return g_hash_table_lookup(tx->link->statements, sql) == statement;
}

gboolean sql_run(StoreTx *tx, GError **error, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement = prepare(tx, sql, error);
	va_list args;
	int status;

	if (statement == NULL)
		return FALSE;
	va_start(args, types);
	bind(statement, types, args);
	va_end(args);
	status = sqlite3_step(statement);
	if (status != SQLITE_DONE && status != SQLITE_ROW)
		sql_fail(tx->link->db, error);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	if (!is_cached(tx, sql, statement))
		sqlite3_finalize(statement);
	return status == SQLITE_DONE || status == SQLITE_ROW;
}

Sql *sql_query(StoreTx *tx, GError **error, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement = prepare(tx, sql, error);
	Sql *query;
	va_list args;

	if (statement == NULL)
		return NULL;
	va_start(args, types);
	bind(statement, types, args);
	va_end(args);
	query = g_new0(Sql, 1);
	query->statement = statement;
	query->db = tx->link->db;
	query->status = SQLITE_ROW;
	query->is_cached = is_cached(tx, sql, statement);
	return query;
}

void sql_free(Sql *query)
{
	if (query == NULL)
		return;
	sqlite3_reset(query->statement);
	sqlite3_clear_bindings(query->statement);
	if (!query->is_cached)
		sqlite3_finalize(query->statement);
	g_free(query);
}

gboolean sql_step(Sql *query)
{
	query->status = sqlite3_step(query->statement);
	return query->status == SQLITE_ROW;
}

gboolean sql_end(const Sql *query, GError **error)
{
	return query->status == SQLITE_DONE || query->status == SQLITE_ROW ||
	       sql_fail(query->db, error);
}

const char *sql_peek(Sql *query, int column)
{
	return (const char *) sqlite3_column_text(query->statement, column);
}

const void *sql_peek_bytes(Sql *query, int column)
{
	return sqlite3_column_blob(query->statement, column);
}

gsize sql_length(Sql *query, int column)
{
	return (gsize) sqlite3_column_bytes(query->statement, column);
}

const void *sql_peek_sized(Sql *query, int column, gsize length)
{
	const void *data = sqlite3_column_blob(query->statement, column);

	return sqlite3_column_type(query->statement, column) == SQLITE_BLOB &&
			       sql_length(query, column) == length
		       ? data
		       : NULL;
}

char *sql_text(Sql *query, int column)
{
	return g_strdup(sql_peek(query, column));
}

GBytes *sql_bytes(Sql *query, int column)
{
	const void *data = sqlite3_column_blob(query->statement, column);

	if (sqlite3_column_type(query->statement, column) == SQLITE_NULL)
		return NULL;
	return g_bytes_new(data, (gsize) sqlite3_column_bytes(query->statement, column));
}

gint64 sql_int(Sql *query, int column)
{
	return sqlite3_column_int64(query->statement, column);
}

int sql_changes(const StoreTx *tx)
{
	return sqlite3_changes(tx->link->db);
}

GPtrArray *sql_collect(Sql *query, SqlRead read, GDestroyNotify release, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(release);

	if (query == NULL)
		return NULL;
	while (sql_step(query))
		g_ptr_array_add(rows, read(query));
	return sql_end(query, error) ? g_steal_pointer(&rows) : NULL;
}
