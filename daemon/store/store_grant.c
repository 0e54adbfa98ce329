/* SPDX-License-Identifier: Apache-2.0
 * Roles taken for a time in the store. */
#include "daemon/store/store_grant.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define GRANT                                                                                      \
	"SELECT g.id, g.person, p.staff, p.name, g.role, g.reason, g.since, g.until, g.exception," \
	" ifnull(g.ended_at, 0), ifnull(g.reviewed_at, 0), g.reviewed_by, g.note"                  \
	" FROM role_grant g JOIN person p ON p.id = g.person"

void store_grant_free(RoleGrant *grant)
{
	if (grant == NULL)
		return;
	g_free(grant->id);
	g_free(grant->staff);
	g_free(grant->name);
	g_free(grant->role);
	g_free(grant->reason);
	g_free(grant->exception);
	g_free(grant->reviewed_by);
	g_free(grant->note);
	g_free(grant);
}

gboolean store_grant_put(StoreTx *tx, const RoleGrant *grant, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO role_grant VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, NULL, NULL,"
		       " NULL)",
		       "tittiit", grant->id, grant->person, grant->role, grant->reason,
		       grant->since, grant->until, grant->exception);
}

static gpointer read_grant(Sql *query)
{
	RoleGrant *grant = g_new0(RoleGrant, 1);

	grant->id = sql_text(query, 0);
	grant->person = sql_int(query, 1);
	grant->staff = sql_text(query, 2);
	grant->name = sql_text(query, 3);
	grant->role = sql_text(query, 4);
	grant->reason = sql_text(query, 5);
	grant->since = sql_int(query, 6);
	grant->until = sql_int(query, 7);
	grant->exception = sql_text(query, 8);
	grant->ended_at = sql_int(query, 9);
	grant->reviewed_at = sql_int(query, 10);
	grant->reviewed_by = sql_text(query, 11);
	grant->note = sql_text(query, 12);
	return grant;
}

static GPtrArray *read_grants(Sql *query, GError **error)
{
	return sql_collect(query, read_grant, (GDestroyNotify) store_grant_free, error);
}

RoleGrant *store_grant_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error, GRANT " WHERE g.id = ?1", "t", id);
	g_autoptr(GPtrArray) list = read_grants(query, error);

	if (list != NULL && list->len > 0)
		return g_ptr_array_steal_index(list, 0);
	if (list != NULL)
		error_set(error, ERROR_NOT_FOUND, N_("there is no role taken for a time %s"), id);
	return NULL;
}

GPtrArray *store_grant_open(StoreTx *tx, gint64 person, gint64 now, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 GRANT " WHERE g.person = ?1 AND g.until > ?2"
					       " AND g.since <= ?2 AND g.ended_at IS NULL"
					       " ORDER BY g.id",
					 "ii", person, now);

	return read_grants(query, error);
}

GPtrArray *store_grant_list(StoreTx *tx, const char *after, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error, GRANT " WHERE g.id > ?1 ORDER BY g.id LIMIT ?2",
					 "td", after != NULL ? after : "", limit);

	return read_grants(query, error);
}

gboolean store_grant_end(StoreTx *tx, const char *id, gint64 now, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE role_grant SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL",
		       "ti", id, now);
}

gboolean store_grant_review(StoreTx *tx, const RoleGrant *grant, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE role_grant SET reviewed_at = ?2, reviewed_by = ?3, note = ?4"
		       " WHERE id = ?1 AND reviewed_at IS NULL",
		       "titt", grant->id, grant->reviewed_at, grant->reviewed_by, grant->note);
}
