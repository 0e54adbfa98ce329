/* SPDX-License-Identifier: Apache-2.0
 * The tables, as a list of migrations each of which is one transaction. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

/* Brings @db to the newest schema; before a change of existing data a copy is written to @backup
 * with VACUUM INTO. ERROR_STORE for a schema newer than this program's. */
gboolean schema_migrate(sqlite3 *db, const char *backup, GError **error) G_GNUC_WARN_UNUSED_RESULT;
