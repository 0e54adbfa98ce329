/* SPDX-License-Identifier: Apache-2.0
 * Brings a database up to date, one transaction a migration. */
#include "daemon/store/schema.h"

#include "daemon/base/error.h"
#include "daemon/store/schema_part.h"
#include "daemon/store/sql.h"
#include "pkcs11/failpoint.h"

/* clang-format off */
static const char *const migrations[] = {
	schema_part_first,
	schema_part_application,
	schema_part_audit,
	schema_part_notice,
	schema_part_case,
	schema_part_round,
	schema_part_post,
	schema_part_exception,
	schema_part_rule,
};
/* clang-format on */

static gboolean read_version(sqlite3 *db, int *ret_version, GError **error)
{
	sqlite3_stmt *statement = NULL;
	gboolean is_read =
		sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
		sqlite3_step(statement) == SQLITE_ROW;

	if (is_read)
		*ret_version = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return is_read || sql_fail(db, error);
}

static gboolean save_copy(sqlite3 *db, const char *backup, GError **error)
{
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", backup);
	gboolean is_saved = sql_script(db, sql, error);

	sqlite3_free(sql);
	return is_saved;
}

gboolean schema_migrate(sqlite3 *db, const char *backup, GError **error)
{
	int version = 0, newest = (int) G_N_ELEMENTS(migrations);

	if (!read_version(db, &version, error))
		return FALSE;
	if (version > newest)
		return error_set(error, ERROR_STORE,
				 N_("the database has schema %d, this program knows up to %d; "
				    "install the newer version of opcard again"),
				 version, newest);
	if (version > 0 && version < newest && !save_copy(db, backup, error))
		return FALSE;
	for (int i = version; i < newest; i++) {
		g_autofree char *stamp = g_strdup_printf("PRAGMA user_version = %d; COMMIT", i + 1);

		FAILPOINT("schema.migrate.before");
		if (!sql_script(db, "BEGIN IMMEDIATE", error) ||
		    !sql_script(db, migrations[i], error) || !sql_script(db, stamp, error)) {
			sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
			return FALSE;
		}
		FAILPOINT("schema.migrate.after");
	}
	return TRUE;
}
