/* SPDX-License-Identifier: Apache-2.0
 * Persons and sections in the store. Every ending of a name and its kana is kept as a row, so that
 * "part of a name" is an index search whatever the number of persons. */
#include "daemon/store/store_person.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define PERSON                                                                                     \
	"p.id, p.staff, p.name, p.kana, p.section, p.subsection, p.title, p.employment, p.until"
/* After every text that begins with what stands before it. */
#define END     "\xF4\x8F\xBF\xBF"
#define SECTION "code, name, display_order, manager_post, has_terminal, duties"

static gpointer read_person(Sql *query)
{
	Person *person = g_new0(Person, 1);

	person->id = sql_int(query, 0);
	person->staff = sql_text(query, 1);
	person->name = sql_text(query, 2);
	person->kana = sql_text(query, 3);
	person->section = sql_text(query, 4);
	person->subsection = sql_text(query, 5);
	person->title = sql_text(query, 6);
	person->employment = sql_text(query, 7);
	person->until = sql_text(query, 8);
	return person;
}

static GPtrArray *read_persons(Sql *query, GError **error)
{
	return sql_collect(query, read_person, (GDestroyNotify) person_free, error);
}

static gboolean first_person(Sql *query, Person **ret_person, GError **error)
{
	g_autoptr(GPtrArray) list = read_persons(query, error);

	if (list == NULL)
		return FALSE;
	*ret_person = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

gboolean store_person_find(StoreTx *tx, const char *staff, Person **ret_person, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " PERSON " FROM person p WHERE staff = ?1", "t", staff);

	return first_person(query, ret_person, error);
}

Person *store_person_get(StoreTx *tx, const char *staff, GError **error)
{
	Person *person = NULL;

	if (store_person_find(tx, staff, &person, error) && person == NULL)
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no staff number %s; import the staff list or correct the "
			     "number"),
			  staff);
	return person;
}

Person *store_person_by_id(StoreTx *tx, gint64 id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " PERSON " FROM person p WHERE id = ?1", "i", id);
	Person *person = NULL;

	if (first_person(query, &person, error) && person == NULL)
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no person with the internal number %lld"), (long long) id);
	return person;
}

static gboolean put_parts(StoreTx *tx, const Person *person, const char *name, GError **error)
{
	g_autofree char *folded = person_name_fold(name != NULL ? name : "");

	for (const char *part = folded; *part != '\0'; part = g_utf8_next_char(part))
		if (!sql_run(tx, error, "INSERT OR IGNORE INTO name_part VALUES(?1, ?2)", "ti",
			     part, person->id))
			return FALSE;
	return TRUE;
}

static gboolean drop_parts(StoreTx *tx, const Person *person, const char *name, GError **error)
{
	g_autofree char *folded = person_name_fold(name != NULL ? name : "");

	for (const char *part = folded; *part != '\0'; part = g_utf8_next_char(part))
		if (!sql_run(tx, error, "DELETE FROM name_part WHERE part = ?1 AND person = ?2",
			     "ti", part, person->id))
			return FALSE;
	return TRUE;
}

gboolean store_person_put(StoreTx *tx, Person *person, GError **error)
{
	g_autoptr(Person) old = NULL;

	if (!store_person_find(tx, person->staff, &old, error))
		return FALSE;
	if (old != NULL &&
	    (!drop_parts(tx, old, old->name, error) || !drop_parts(tx, old, old->kana, error)))
		return FALSE;
	if (!sql_run(tx, error,
		     "INSERT INTO person(staff, name, kana, section, subsection, title, employment,"
		     " until) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(staff) DO UPDATE"
		     " SET name = ?2, kana = ?3, section = ?4, subsection = ?5, title = ?6,"
		     " employment = ?7, until = ?8",
		     "tttttttt", person->staff, person->name, person->kana, person->section,
		     person->subsection, person->title, person->employment, person->until))
		return FALSE;
	g_autoptr(Person) stored = store_person_get(tx, person->staff, error);

	if (stored == NULL)
		return FALSE;
	person->id = stored->id;
	return put_parts(tx, person, person->name, error) &&
	       put_parts(tx, person, person->kana, error);
}

GPtrArray *store_person_list(StoreTx *tx, const char *part, const char *section, const char *after,
			     int limit, GError **error)
{
	g_autoptr(Sql) query = NULL;

	if (after == NULL)
		after = "";
	if (part != NULL) {
		g_autofree char *name = person_name_fold(part);
		g_autofree char *name_end = g_strconcat(name, END, NULL);
		g_autofree char *end = g_strconcat(part, END, NULL);

		query = sql_query(tx, error,
				  "SELECT " PERSON " FROM person p WHERE p.staff > ?3 AND p.id IN"
				  " (SELECT person FROM name_part WHERE part >= ?6 AND part < ?7"
				  " UNION SELECT id FROM person WHERE staff >= ?1 AND staff < ?2)"
				  " AND (?5 IS NULL OR p.section = ?5) ORDER BY p.staff LIMIT ?4",
				  "tttdttt", part, end, after, limit, section, name, name_end);
	} else if (section != NULL) {
		query = sql_query(tx, error,
				  "SELECT " PERSON " FROM person p WHERE p.section = ?1"
				  " AND p.staff > ?2 ORDER BY p.staff LIMIT ?3",
				  "ttd", section, after, limit);
	} else {
		query = sql_query(tx, error,
				  "SELECT " PERSON " FROM person p WHERE p.staff > ?1"
				  " ORDER BY p.staff LIMIT ?2",
				  "td", after, limit);
	}
	return read_persons(query, error);
}

static gpointer read_section(Sql *query)
{
	Section *section = g_new0(Section, 1);

	section->code = sql_text(query, 0);
	section->name = sql_text(query, 1);
	section->display_order = sql_int(query, 2);
	section->manager_post = sql_text(query, 3);
	section->has_terminal = sql_int(query, 4) != 0;
	section->duties = sql_text(query, 5);
	return section;
}

static GPtrArray *read_sections(Sql *query, GError **error)
{
	return sql_collect(query, read_section, (GDestroyNotify) person_section_free, error);
}

gboolean store_person_find_section(StoreTx *tx, const char *code, Section **ret_section,
				   GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " SECTION " FROM section WHERE code = ?1", "t", code);
	g_autoptr(GPtrArray) list = read_sections(query, error);

	if (list == NULL)
		return FALSE;
	*ret_section = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

Section *store_person_section(StoreTx *tx, const char *code, GError **error)
{
	Section *section = NULL;

	if (store_person_find_section(tx, code, &section, error) && section == NULL)
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no section with the code %s; import the sections or correct "
			     "the code"),
			  code);
	return section;
}

gboolean store_person_put_section(StoreTx *tx, const Section *section, GError **error)
{
	return sql_run(
		tx, error,
		"INSERT INTO section VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
		" name = ?2, display_order = ?3, manager_post = ?4, has_terminal = ?5,"
		" duties = ?6",
		"ttitdt", section->code, section->name, section->display_order,
		section->manager_post, (int) section->has_terminal, section->duties);
}

GPtrArray *store_person_sections(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " SECTION " FROM section ORDER BY display_order, code", "");

	return read_sections(query, error);
}

GPtrArray *store_person_post_sections(StoreTx *tx, const char *post, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " SECTION " FROM section WHERE manager_post = ?1"
					 " ORDER BY display_order, code",
					 "t", post);

	return read_sections(query, error);
}
