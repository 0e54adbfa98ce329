/* SPDX-License-Identifier: Apache-2.0
 * Designations in the store. */
#include "daemon/store/store_designation.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"id, person, section, section_name, title, authority, duties, since, until, application"

static gpointer read_row(Sql *query)
{
	Designation *row = g_new0(Designation, 1);

	row->id = sql_text(query, 0);
	row->person = sql_int(query, 1);
	row->section = sql_text(query, 2);
	row->section_name = sql_text(query, 3);
	row->title = sql_text(query, 4);
	row->authority = sql_text(query, 5);
	row->duties = sql_text(query, 6);
	row->from = sql_text(query, 7);
	row->until = sql_text(query, 8);
	row->application = sql_text(query, 9);
	return row;
}

static GPtrArray *read_list(Sql *query, GError **error)
{
	return sql_collect(query, read_row, (GDestroyNotify) person_designation_free, error);
}

static gboolean first(Sql *query, Designation **ret_designation, GError **error)
{
	g_autoptr(GPtrArray) list = read_list(query, error);

	if (list == NULL)
		return FALSE;
	*ret_designation = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

Designation *store_designation_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " COLUMNS " FROM designation WHERE id = ?1", "t", id);
	Designation *designation = NULL;

	if (first(query, &designation, error) && designation == NULL)
		error_set(error, ERROR_NOT_FOUND, N_("there is no designation %s"), id);
	return designation;
}

gboolean store_designation_for(StoreTx *tx, gint64 person, const char *authority, const char *date,
			       Designation **ret_designation, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM designation WHERE person = ?1 AND authority = ?2"
			  " AND (until IS NULL OR until >= ?3) ORDER BY since LIMIT 1",
			  "itt", person, authority, date);

	return first(query, ret_designation, error);
}

GPtrArray *store_designation_of_application(StoreTx *tx, const char *application, const char *date,
					    GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM designation WHERE application = ?1"
			  " AND (until IS NULL OR until >= ?2) ORDER BY section, id",
			  "tt", application, date);

	return read_list(query, error);
}

gboolean store_designation_put(StoreTx *tx, const Designation *row, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO designation VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
		       " ON CONFLICT DO UPDATE SET duties = ?7, until = ?9",
		       "titttttttt", row->id, row->person, row->section, row->section_name,
		       row->title, row->authority, row->duties, row->from, row->until,
		       row->application);
}

GPtrArray *store_designation_list(StoreTx *tx, const char *section, gint64 person, const char *date,
				  GError **error)
{
	g_autoptr(Sql) query = NULL;

	if (person != 0)
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM designation WHERE person = ?1"
				  " AND (until IS NULL OR until >= ?2) ORDER BY section, id",
				  "it", person, date);
	else if (section != NULL)
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM designation WHERE section = ?1"
				  " AND (until IS NULL OR until >= ?2) ORDER BY person, id",
				  "tt", section, date);
	else
		query = sql_query(
			tx, error,
			"SELECT " COLUMNS " FROM designation"
			" WHERE until IS NULL OR until >= ?1 ORDER BY section, person, id",
			"t", date);
	return read_list(query, error);
}

gboolean store_designation_confirm(StoreTx *tx, const Designation *row, GError **error)
{
	return sql_run(
		tx, error,
		"UPDATE designation SET section_name = ?2, title = ?3, duties = ?4, until = ?5"
		" WHERE id = ?1",
		"ttttt", row->id, row->section_name, row->title, row->duties, row->until);
}

GPtrArray *store_designation_ended_cards(StoreTx *tx, const char *date, int limit, GError **error)
{
	g_autoptr(GPtrArray) cards = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT c.number FROM card c JOIN designation d ON d.id = c.designation"
			  " WHERE c.state = 'ACTIVE' AND d.until < ?1 AND NOT EXISTS("
			  "SELECT 1 FROM designation o WHERE o.person = c.holder"
			  " AND o.authority = c.authority AND o.since <= ?1"
			  " AND (o.until IS NULL OR o.until >= ?1)) ORDER BY c.number LIMIT ?2",
			  "td", date, limit);

	if (query == NULL)
		return NULL;
	while (sql_step(query))
		g_ptr_array_add(cards, sql_text(query, 0));
	return sql_end(query, error) ? g_steal_pointer(&cards) : NULL;
}
