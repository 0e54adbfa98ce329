/* SPDX-License-Identifier: Apache-2.0
 * SQL statements with bound values. Inside the store room only. */
#pragma once

#include <sqlite3.h>

#include "daemon/store/store.h"

typedef struct Sql Sql;

/* @sql must be a string literal: prepared statements are cached by its address.
 * @types has one letter a value: t text or NULL, i gint64, d int, b GBytes * or NULL,
 * s 16-octet serial. */
gboolean sql_run(StoreTx *tx, GError **error, const char *sql, const char *types,
		 ...) G_GNUC_WARN_UNUSED_RESULT;

/* A statement to step through; reset when freed. */
Sql *sql_query(StoreTx *tx, GError **error, const char *sql, const char *types,
	       ...) G_GNUC_WARN_UNUSED_RESULT;
void sql_free(Sql *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sql, sql_free)

/* TRUE while there is a row. After FALSE sql_end() tells whether it was the end or an error. */
gboolean sql_step(Sql *query);
gboolean sql_end(const Sql *query, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Copies; NULL stays NULL. */
char *sql_text(Sql *query, int column);
GBytes *sql_bytes(Sql *query, int column);
gint64 sql_int(Sql *query, int column);
/* Borrowed until the next step. */
const char *sql_peek(Sql *query, int column);
const void *sql_peek_bytes(Sql *query, int column);
/* The same, NULL unless it is a blob of exactly @length octets. */
const void *sql_peek_sized(Sql *query, int column, gsize length);
/* Octets of the value that was peeked at. */
gsize sql_length(Sql *query, int column);

/* Every row as @read makes it. NULL with an error, also for a @query that is NULL. */
typedef gpointer (*SqlRead)(Sql *query);
GPtrArray *sql_collect(Sql *query, SqlRead read, GDestroyNotify release,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rows the last sql_run() of this transaction changed. */
int sql_changes(const StoreTx *tx);

gboolean sql_fail(sqlite3 *db, GError **error);

/* Runs a script of several statements. */
gboolean sql_script(sqlite3 *db, const char *script, GError **error) G_GNUC_WARN_UNUSED_RESULT;
