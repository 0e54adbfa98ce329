/* SPDX-License-Identifier: Apache-2.0
 * Persons, sections and designations as JSON. */
#include "daemon/op/view_person.h"

#include "daemon/base/error.h"
#include "daemon/op/incumbent.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_person.h"

static gboolean section_name(StoreTx *tx, const char *code, char **ret_name, GError **error)
{
	g_autoptr(Section) section = NULL;

	if (code == NULL)
		return TRUE;
	if (!store_person_find_section(tx, code, &section, error))
		return FALSE;
	*ret_name = section != NULL ? g_strdup(section->name) : NULL;
	return TRUE;
}

json_t *view_person(StoreTx *tx, const Person *person, GError **error)
{
	g_autoptr(GPtrArray) list = store_card_of_holder(tx, person->id, error);
	g_autofree char *section = NULL;
	json_t *object, *cards;

	if (list == NULL || !section_name(tx, person->section, &section, error))
		return NULL;
	cards = json_array();
	for (guint i = 0; i < list->len; i++)
		json_array_append_new(cards, json_string(((const Card *) list->pdata[i])->number));
	object = json_pack("{s:s, s:s, s:o, s:o, s:o}", "staff", person->staff, "name",
			   person->name, "kana", view_text(person->kana), "section",
			   view_text(person->section), "sectionName", view_text(section));
	json_object_set_new(object, "subsection", view_text(person->subsection));
	json_object_set_new(object, "title", view_text(person->title));
	json_object_set_new(object, "employment", view_text(person->employment));
	json_object_set_new(object, "until", view_text(person->until));
	json_object_set_new(object, "cards", cards);
	return object;
}

json_t *view_person_list(StoreTx *tx, const ViewPersonFilter *filter, GError **error)
{
	guint limit = (guint) view_limit(filter->limit);
	g_autoptr(GPtrArray) list = store_person_list(tx, filter->part, filter->section,
						      filter->after, (int) limit + 1, error);
	const char *next = NULL;
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, limit); i++) {
		json_t *item = view_person(tx, list->pdata[i], error);

		if (item == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	if (list->len > limit)
		next = ((const Person *) list->pdata[limit - 1])->staff;
	return view_page(items, next);
}

static json_t *section_of(StoreTx *tx, const Section *section, const char *date, GError **error)
{
	g_autoptr(Person) manager = NULL;
	g_autoptr(SectionBody) body = NULL;
	json_t *who = json_null();
	json_t *object;

	if (!incumbent_manager(tx, section, date, &manager, error))
		return NULL;
	body = store_post_body(tx, section->code, error);
	if (body == NULL)
		return NULL;
	if (manager != NULL)
		who = json_pack("{s:s, s:s}", "staff", manager->staff, "name", manager->name);
	object = json_pack("{s:s, s:s, s:I}", "section", section->code, "name", section->name,
			   "order", (json_int_t) section->display_order);
	json_object_set_new(object, "managerPost", view_text(section->manager_post));
	json_object_set_new(object, "manager", who);
	json_object_set_new(object, "hasTerminal", json_boolean(section->has_terminal));
	json_object_set_new(object, "duties", view_text(section->duties));
	json_object_set_new(object, "body", view_text(body->body));
	json_object_set_new(object, "departmentPost", view_text(body->department));
	return object;
}

json_t *view_person_sections(StoreTx *tx, const char *date, GError **error)
{
	g_autoptr(GPtrArray) list = store_person_sections(tx, error);
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < list->len; i++) {
		json_t *item = section_of(tx, list->pdata[i], date, error);

		if (item == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	return view_page(items, NULL);
}

static json_t *designation_of(StoreTx *tx, const Designation *designation, GError **error)
{
	g_autoptr(Person) person = store_person_by_id(tx, designation->person, error);
	json_t *object;

	if (person == NULL)
		return NULL;
	object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", designation->id, "staff",
			   person->staff, "name", person->name, "section", designation->section,
			   "sectionName", designation->section_name);
	json_object_set_new(object, "title", view_text(designation->title));
	json_object_set_new(object, "authority", view_text(designation->authority));
	json_object_set_new(object, "duties", view_text(designation->duties));
	json_object_set_new(object, "from", view_text(designation->from));
	json_object_set_new(object, "until", view_text(designation->until));
	json_object_set_new(object, "application", view_text(designation->application));
	return object;
}

static GPtrArray *find_designations(StoreTx *tx, const ViewDesignationFilter *filter,
				    GError **error)
{
	g_autoptr(Person) person = NULL;

	if (filter->staff == NULL)
		return store_designation_list(tx, filter->section, 0, filter->date, error);
	person = store_person_get(tx, filter->staff, error);
	return person != NULL ? store_designation_list(tx, NULL, person->id, filter->date, error)
			      : NULL;
}

/* Index of the first row after the cursor. */
static gboolean find_start(const GPtrArray *list, const char *after, guint *ret_start,
			   GError **error)
{
	if (after == NULL) {
		*ret_start = 0;
		return TRUE;
	}
	for (guint i = 0; i < list->len; i++)
		if (g_strcmp0(((const Designation *) list->pdata[i])->id, after) == 0) {
			*ret_start = i + 1;
			return TRUE;
		}
	return error_set(error, ERROR_USAGE,
			 N_("the list changed meanwhile (%s is not in it any more); read it from "
			    "the beginning"),
			 after);
}

static gboolean is_wanted(const Designation *designation, const ViewDesignationFilter *filter)
{
	return filter->staff == NULL || filter->section == NULL ||
	       g_strcmp0(designation->section, filter->section) == 0;
}

json_t *view_person_designations(StoreTx *tx, const ViewDesignationFilter *filter, GError **error)
{
	guint limit = (guint) view_limit(filter->limit);
	g_autoptr(GPtrArray) list = find_designations(tx, filter, error);
	const char *next = NULL;
	json_t *items;
	guint i = 0;

	if (list == NULL || !find_start(list, filter->after, &i, error))
		return NULL;
	items = json_array();
	for (; i < list->len && json_array_size(items) < limit; i++) {
		json_t *item;

		if (!is_wanted(list->pdata[i], filter))
			continue;
		item = designation_of(tx, list->pdata[i], error);
		if (item == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	if (i < list->len)
		next = ((const Designation *) list->pdata[i - 1])->id;
	return view_page(items, next);
}
