/* SPDX-License-Identifier: Apache-2.0
 * Lines of a user report and what follows from them. */
#include "daemon/op/apply_lines.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/core/permit.h"
#include "daemon/op/apply.h"
#include "daemon/op/import_field.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_person.h"

#define FORM_USERS 2

static const char *const words[_DESIGNATE_ACTION_MAX] = {
	[DESIGNATE_ADD] = "追加",
	[DESIGNATE_KEEP] = "継続",
	[DESIGNATE_END] = "削除",
};

static const char *text_of(const json_t *line, const char *key)
{
	return json_string_value(json_object_get(line, key));
}

static gboolean is_ending(const json_t *line)
{
	return g_strcmp0(text_of(line, "designation"), words[DESIGNATE_END]) == 0;
}

static gint compare_steps(gconstpointer a, gconstpointer b)
{
	const DesignateStep *one = *(const DesignateStep *const *) a;
	const DesignateStep *other = *(const DesignateStep *const *) b;

	if (one->person->id != other->person->id)
		return one->person->id < other->person->id ? -1 : 1;
	return strcmp(one->designation->authority, other->designation->authority);
}

static json_t *line_of(const DesignateStep *step)
{
	const Person *person = step->person;
	const char *note = step->row != NULL ? import_field_or_null(step->row->note) : NULL;

	return json_pack("{s:s, s:s, s:s*, s:s*, s:s, s:s*, s:s, s:s*}", "staff", person->staff,
			 "name", person->name, "subsection", person->subsection, "title",
			 person->title, "authority", step->designation->authority, "duties",
			 step->designation->duties, "designation", words[step->action], "note",
			 note);
}

json_t *apply_lines_of(const GPtrArray *steps)
{
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	json_t *lines = json_array();

	for (guint i = 0; i < steps->len; i++)
		g_ptr_array_add(sorted, steps->pdata[i]);
	g_ptr_array_sort(sorted, compare_steps);
	for (guint i = 0; i < sorted->len; i++)
		json_array_append_new(lines, line_of(sorted->pdata[i]));
	return lines;
}

static void free_row(gpointer data)
{
	DesignateRow *row = data;

	g_free(row->staff);
	g_free(row->name);
	g_free(row->authority);
	g_free(row->duties);
	g_free(row->designation);
	g_free(row->note);
	g_free(row);
}

GPtrArray *apply_lines_rows(const json_t *lines)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(free_row);
	json_t *line;
	size_t i;

	json_array_foreach((json_t *) lines, i, line)
	{
		DesignateRow *row;

		if (is_ending(line))
			continue;
		row = g_new0(DesignateRow, 1);
		row->line = (gint64) i + 1;
		row->staff = g_strdup(text_of(line, "staff"));
		row->authority = g_strdup(text_of(line, "authority"));
		row->duties = g_strdup(text_of(line, "duties"));
		row->note = g_strdup(text_of(line, "note"));
		g_ptr_array_add(rows, row);
	}
	return rows;
}

GPtrArray *apply_lines_current(StoreTx *tx, const char *section, const char *date, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
	g_autoptr(GPtrArray) list = store_designation_list(tx, section, 0, date, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Designation *open = list->pdata[i];
		g_autoptr(Person) person = store_person_by_id(tx, open->person, error);
		DesignateRow *row;

		if (person == NULL)
			return NULL;
		if (g_strcmp0(person->section, section) != 0 || !person_is_eligible(person, date))
			continue;
		row = g_new0(DesignateRow, 1);
		row->line = (gint64) rows->len + 1;
		row->staff = g_strdup(person->staff);
		row->authority = g_strdup(open->authority);
		row->duties = g_strdup(open->duties);
		g_ptr_array_add(rows, row);
	}
	return list != NULL ? g_steal_pointer(&rows) : NULL;
}

static gboolean is_same_line(const json_t *line, const json_t *other)
{
	static const char *const keys[] = { "staff", "authority", "designation" };

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		if (g_strcmp0(text_of(line, keys[i]), text_of(other, keys[i])) != 0)
			return FALSE;
	return TRUE;
}

gboolean apply_lines_are_equal(const json_t *lines, const json_t *other)
{
	gsize count = json_array_size(lines);

	if (count != json_array_size(other))
		return FALSE;
	for (gsize i = 0; i < count; i++)
		if (!is_same_line(json_array_get(lines, i), json_array_get(other, i)))
			return FALSE;
	return TRUE;
}

static void look(const Op *op, const Permit *permit, const json_t *line, ApplicationFacts *facts)
{
	if (is_ending(line))
		return;
	if (op->actor->person != 0 && g_strcmp0(text_of(line, "staff"), op->actor->id) == 0)
		facts->is_holder = TRUE;
	if (permit_is_administrative(permit, text_of(line, "authority")))
		facts->is_administrative = TRUE;
}

gboolean apply_lines_concern(const Op *op, const Application *row, ApplicationFacts *facts,
			     GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(Permit) permit = NULL;
	json_t *body, *line;
	size_t i;

	if (row->form != FORM_USERS) {
		facts->is_holder = op->actor->person != 0 && op->actor->person == row->holder;
		return TRUE;
	}
	permit = permit_load(op->house->config, today, error);
	if (permit == NULL)
		return FALSE;
	body = apply_body(row);
	json_array_foreach(json_object_get(body, "lines"), i, line) look(op, permit, line, facts);
	json_decref(body);
	return TRUE;
}

static gboolean has_card(StoreTx *tx, const json_t *line, gboolean is_issued_enough,
			 gboolean *ret_has, GError **error)
{
	const char *authority = text_of(line, "authority");
	g_autoptr(Person) person = store_person_get(tx, text_of(line, "staff"), error);
	g_autoptr(GPtrArray) cards =
		person != NULL ? store_card_of_holder(tx, person->id, error) : NULL;

	*ret_has = FALSE;
	for (guint i = 0; cards != NULL && i < cards->len; i++) {
		const Card *card = cards->pdata[i];

		if (g_strcmp0(card->authority, authority) == 0 && card_is_live(card) &&
		    (is_issued_enough || card->state == CARD_ACTIVE))
			*ret_has = TRUE;
	}
	return cards != NULL;
}

json_t *apply_lines_open(StoreTx *tx, const Application *row, gboolean is_issued_enough,
			 GError **error)
{
	json_t *open = json_array();
	json_t *body, *line;
	size_t i;

	if (row->form != FORM_USERS)
		return open;
	body = apply_body(row);
	json_array_foreach(json_object_get(body, "lines"), i, line)
	{
		gboolean has = FALSE;

		if (g_strcmp0(text_of(line, "designation"), words[DESIGNATE_ADD]) != 0)
			continue;
		if (!has_card(tx, line, is_issued_enough, &has, error)) {
			json_decref(open);
			json_decref(body);
			return NULL;
		}
		if (!has)
			json_array_append(open, line);
	}
	json_decref(body);
	return open;
}
