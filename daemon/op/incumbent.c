/* SPDX-License-Identifier: Apache-2.0
 * Posts → persons for each day. */
#include "daemon/op/incumbent.h"

#include "daemon/store/store_person.h"

static GPtrArray *new_persons(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify) person_free);
}

/* The first of the section's people with the title whose term covers the day. */
static gboolean add_by_title(StoreTx *tx, const Section *section, const char *post,
			     const char *date, GPtrArray *persons, GError **error)
{
	g_autoptr(GPtrArray) list = store_post_by_title(tx, section->code, post, error);

	for (guint i = 0; list != NULL && i < list->len; i++)
		if (person_is_eligible(list->pdata[i], date)) {
			g_ptr_array_add(persons, g_ptr_array_steal_index(list, i));
			return TRUE;
		}
	return list != NULL;
}

static GPtrArray *by_titles(StoreTx *tx, const char *post, const char *date, GError **error)
{
	g_autoptr(GPtrArray) sections = store_person_post_sections(tx, post, error);
	g_autoptr(GPtrArray) persons = new_persons();

	for (guint i = 0; sections != NULL && i < sections->len; i++)
		if (!add_by_title(tx, sections->pdata[i], post, date, persons, error))
			return NULL;
	return sections != NULL ? g_steal_pointer(&persons) : NULL;
}

GPtrArray *incumbent_of(StoreTx *tx, const char *post, const char *date, GError **error)
{
	g_autoptr(GPtrArray) rows = store_post_holders(tx, post, error);
	g_autoptr(GPtrArray) persons = new_persons();

	if (rows == NULL)
		return NULL;
	if (rows->len == 0)
		return by_titles(tx, post, date, error);
	for (guint i = 0; i < rows->len; i++) {
		const PostHolder *row = rows->pdata[i];
		g_autoptr(Person) person = NULL;

		if (!post_is_held(row, date))
			continue;
		person = store_person_by_id(tx, row->person, error);
		if (person == NULL)
			return NULL;
		if (person_is_eligible(person, date))
			g_ptr_array_add(persons, g_steal_pointer(&person));
	}
	return g_steal_pointer(&persons);
}

/* The manager's post of the own section, by title. */
static gboolean add_own_section(StoreTx *tx, const Person *person, const char *date,
				GPtrArray *posts, GError **error)
{
	g_autoptr(Section) section = NULL;
	g_autoptr(Person) manager = NULL;

	if (person->section == NULL)
		return TRUE;
	if (!store_person_find_section(tx, person->section, &section, error))
		return FALSE;
	if (section == NULL || section->manager_post == NULL ||
	    g_ptr_array_find_with_equal_func(posts, section->manager_post, g_str_equal, NULL))
		return TRUE;
	if (!incumbent_manager(tx, section, date, &manager, error))
		return FALSE;
	if (manager != NULL && manager->id == person->id)
		g_ptr_array_add(posts, g_strdup(section->manager_post));
	return TRUE;
}

GPtrArray *incumbent_posts(StoreTx *tx, const Person *person, const char *date, GError **error)
{
	g_autoptr(GPtrArray) rows = store_post_of_person(tx, person->id, error);
	g_autoptr(GPtrArray) posts = g_ptr_array_new_with_free_func(g_free);

	if (rows == NULL)
		return NULL;
	if (!person_is_eligible(person, date))
		return g_steal_pointer(&posts);
	for (guint i = 0; i < rows->len; i++) {
		const PostHolder *row = rows->pdata[i];

		if (post_is_held(row, date))
			g_ptr_array_add(posts, g_strdup(row->post));
	}
	return add_own_section(tx, person, date, posts, error) ? g_steal_pointer(&posts) : NULL;
}

gboolean incumbent_manager(StoreTx *tx, const Section *section, const char *date,
			   Person **ret_person, GError **error)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GPtrArray) persons = NULL;
	gboolean is_found;

	if (section->manager_post == NULL) {
		*ret_person = NULL;
		return TRUE;
	}
	rows = store_post_holders(tx, section->manager_post, error);
	if (rows == NULL)
		return FALSE;
	if (rows->len > 0) {
		persons = incumbent_of(tx, section->manager_post, date, error);
		is_found = persons != NULL;
	} else {
		persons = new_persons();
		is_found = add_by_title(tx, section, section->manager_post, date, persons, error);
	}
	if (is_found)
		*ret_person = persons->len > 0 ? g_ptr_array_steal_index(persons, 0) : NULL;
	return is_found;
}

gboolean incumbent_serves(StoreTx *tx, const Person *person, const char *code, const char *date,
			  gboolean *ret_serves, GError **error)
{
	g_autoptr(GPtrArray) rows = NULL;
	gboolean serves = g_strcmp0(person->section, code) == 0;

	rows = serves ? g_ptr_array_new() : store_post_of_person(tx, person->id, error);
	for (guint i = 0; rows != NULL && i < rows->len && !serves; i++) {
		const PostHolder *row = rows->pdata[i];
		g_autoptr(Post) post = NULL;

		if (!post_is_held(row, date))
			continue;
		if (!store_post_find(tx, row->post, &post, error))
			return FALSE;
		serves = post != NULL && g_strcmp0(post->section, code) == 0;
	}
	if (rows != NULL)
		*ret_serves = serves;
	return rows != NULL;
}

gboolean incumbent_knows(StoreTx *tx, const char *name, gboolean *ret_knows, GError **error)
{
	g_autoptr(Post) post = NULL;
	g_autoptr(GPtrArray) sections = NULL;

	if (!store_post_find(tx, name, &post, error))
		return FALSE;
	sections = store_person_post_sections(tx, name, error);
	if (sections != NULL)
		*ret_knows = post != NULL || sections->len > 0;
	return sections != NULL;
}
