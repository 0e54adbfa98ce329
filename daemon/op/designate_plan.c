/* SPDX-License-Identifier: Apache-2.0
 * Rows against register and designations in force. A row for 削除 is not held against the person's
 * section: having left it is the reason. */
#include "daemon/op/designate_plan.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/permit.h"
#include "daemon/op/designate_cards.h"
#include "daemon/op/import_field.h"
#include "daemon/op/incumbent.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_person.h"

#define NAME_MAX_CHARS 100
#define AUTHORITY_MAX  50
#define DUTIES_MAX     200
#define NOTE_MAX       500

typedef struct Work {
	const DesignatePlan *plan;
	Section *section;
	char *end;        /* day on which missing designations end */
	GHashTable *seen; /* "staff/authority" → row */
	GHashTable *open; /* "staff/authority" → Designation, borrowed from designations */
	GHashTable *kept; /* set of Designation that a row of the report names */
	GPtrArray *designations;
	GPtrArray *steps;
	const Permit *permit; /* on the effective date */
} Work;

static const char *const actions[_DESIGNATE_ACTION_MAX] = {
	[DESIGNATE_ADD] = "追加",
	[DESIGNATE_KEEP] = "継続",
	[DESIGNATE_END] = "削除",
};

void designate_plan_step_free(DesignateStep *step)
{
	if (step == NULL)
		return;
	person_free(step->person);
	person_designation_free(step->designation);
	g_clear_pointer(&step->recalls, g_ptr_array_unref);
	g_free(step);
}

/* The day before the report takes effect, but no right ends in the past. */
static char *last_day(const Op *op, const DesignateRequest *request)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *before = clock_add_days(request->from, -1);

	return strcmp(before, today) > 0 ? g_steal_pointer(&before) : g_steal_pointer(&today);
}

/* _DESIGNATE_ACTION_MAX for an empty column; FALSE after refusing the row. */
static gboolean read_word(const Work *work, const DesignateRow *row, DesignateAction *ret_action)
{
	const char *word = import_field_or_null(row->designation);

	for (int i = 0; i <= _DESIGNATE_ACTION_MAX; i++)
		if (g_strcmp0(word, i < _DESIGNATE_ACTION_MAX ? actions[i] : NULL) == 0) {
			*ret_action = (DesignateAction) i;
			return TRUE;
		}
	import_result_refuse(work->plan->result, row->line, "designation",
			     N_("\"%s\" is none of 追加, 継続, 削除; leave it empty to have it "
				"worked out"),
			     g_utf8_validate(word, -1, NULL) ? word : "");
	return FALSE;
}

static gboolean check_texts(const Work *work, const DesignateRow *row)
{
	ImportResult *result = work->plan->result;
	ImportField staff = { result, row->line, "staff" };
	ImportField name = { result, row->line, "name" };
	ImportField authority = { result, row->line, "authority" };
	ImportField duties = { result, row->line, "duties" };
	ImportField note = { result, row->line, "note" };
	gboolean is_good = import_field_staff(&staff, row->staff);

	is_good = import_field_text(&name, row->name, NAME_MAX_CHARS) && is_good;
	is_good = import_field_needed(&authority, row->authority, AUTHORITY_MAX) && is_good;
	is_good = import_field_text(&duties, row->duties, DUTIES_MAX) && is_good;
	return import_field_text(&note, row->note, NOTE_MAX) && is_good;
}

static gboolean check_once(const Work *work, const DesignateRow *row, const char *key)
{
	const DesignateRow *twin = g_hash_table_lookup(work->seen, key);

	if (twin == NULL)
		return g_hash_table_insert(work->seen, g_strdup(key), (gpointer) row);
	import_result_refuse(work->plan->result, row->line, "staff",
			     N_("staff %s with the authority \"%s\" stands in line %d already; "
				"delete one of the two lines"),
			     row->staff, row->authority, (int) twin->line);
	return FALSE;
}

static gboolean check_person(const Work *work, const DesignateRow *row, const Person *person)
{
	ImportResult *result = work->plan->result;

	if (person == NULL) {
		import_result_refuse(result, row->line, "staff",
				     N_("there is no staff number %s; import the staff list first "
					"or correct the number"),
				     row->staff);
		return FALSE;
	}
	if (import_field_or_null(row->name) != NULL && strcmp(row->name, person->name) != 0) {
		import_result_refuse(result, row->line, "name",
				     N_("staff %s is \"%s\" in the register, not \"%s\"; correct "
					"the report, or the staff list first (names are compared "
					"to the last variant of a character)"),
				     row->staff, person->name, row->name);
		return FALSE;
	}
	return TRUE;
}

/* T03, T35, N25: what the section, the duties and the employment may have. */
static gboolean check_permit(const Work *work, const DesignateRow *row, const Person *person)
{
	PermitQuestion question = {
		.authority = row->authority,
		.section = work->plan->request->section,
		.duties = import_field_or_null(row->duties),
		.employment = import_field_or_null(person->employment),
		.until = import_field_or_null(person->until),
	};
	g_autoptr(GError) why = NULL;

	if (permit_check(work->permit, &question, &why))
		return TRUE;
	import_result_refuse_for(work->plan->result, row->line, "authority", why);
	return FALSE;
}

/* Holds of whoever is designated from now on, not of whoever is struck off. */
static gboolean check_right(const Work *work, const DesignateRow *row, const Person *person,
			    gboolean serves)
{
	const DesignateRequest *request = work->plan->request;

	if (!serves) {
		import_result_refuse(
			work->plan->result, row->line, "staff",
			N_("staff %s (%s) belongs to section %s (%s), but this is the "
			   "report of section %s; correct the staff list first, or take "
			   "the line out"),
			row->staff, person->name, person->section != NULL ? person->section : "-",
			person->title != NULL ? person->title : "-", request->section);
		return FALSE;
	}
	if (!person_is_eligible(person, request->from)) {
		import_result_refuse(work->plan->result, row->line, "staff",
				     N_("the term of staff %s (%s) ends on %s, before the "
					"designation begins on %s; correct the staff list, or take "
					"the line out (T13)"),
				     row->staff, person->name, person->until, request->from);
		return FALSE;
	}
	return check_permit(work, row, person);
}

static gboolean check_word(const Work *work, const DesignateRow *row, DesignateAction word,
			   const Designation *open)
{
	ImportResult *result = work->plan->result;

	if (word == DESIGNATE_ADD && open != NULL)
		import_result_refuse(result, row->line, "designation",
				     N_("staff %s is already designated for \"%s\" since %s (%s): "
					"write 継続, or leave the column empty"),
				     row->staff, row->authority, open->from, open->id);
	else if (word == DESIGNATE_KEEP && open == NULL)
		import_result_refuse(result, row->line, "designation",
				     N_("staff %s is not designated for \"%s\" in this section: "
					"write 追加, or leave the column empty"),
				     row->staff, row->authority);
	else if (word == DESIGNATE_END && open == NULL)
		import_result_refuse(result, row->line, "designation",
				     N_("staff %s is not designated for \"%s\" in this section, so "
					"there is nothing to end; take the line out"),
				     row->staff, row->authority);
	else
		return TRUE;
	return FALSE;
}

static Designation *copy_of(const Designation *designation)
{
	Designation *copy = g_new0(Designation, 1);

	copy->id = g_strdup(designation->id);
	copy->person = designation->person;
	copy->section = g_strdup(designation->section);
	copy->section_name = g_strdup(designation->section_name);
	copy->title = g_strdup(designation->title);
	copy->authority = g_strdup(designation->authority);
	copy->duties = g_strdup(designation->duties);
	copy->from = g_strdup(designation->from);
	copy->until = g_strdup(designation->until);
	copy->application = g_strdup(designation->application);
	return copy;
}

static void replace(char **text, const char *value, gboolean *is_changed)
{
	if (g_strcmp0(*text, value) == 0)
		return;
	g_free(*text);
	*text = g_strdup(value);
	*is_changed = TRUE;
}

static DesignateStep *add_step(const Work *work, const DesignateRow *row, Person **person,
			       Designation *designation)
{
	DesignateStep *step = g_new0(DesignateStep, 1);

	step->row = row;
	step->person = g_steal_pointer(person);
	step->designation = designation;
	g_ptr_array_add(work->steps, step);
	return step;
}

static void plan_add(const Work *work, const DesignateRow *row, Person **person)
{
	const DesignateRequest *request = work->plan->request;
	Designation *designation = g_new0(Designation, 1);
	DesignateStep *step;

	designation->person = (*person)->id;
	designation->section = g_strdup(request->section);
	designation->section_name = g_strdup(work->section->name);
	designation->title = g_strdup((*person)->title);
	designation->authority = g_strdup(row->authority);
	designation->duties = g_strdup(import_field_or_null(row->duties));
	designation->from = g_strdup(request->from);
	designation->application = g_strdup(request->paper);
	step = add_step(work, row, person, designation);
	step->action = DESIGNATE_ADD;
	work->plan->result->added++;
	import_result_tell(work->plan->result, row->line,
			   N_("staff %s (%s) is designated for \"%s\" from %s"), row->staff,
			   step->person->name, row->authority, request->from);
}

/* K02: the yearly confirmation keeps the designation and freezes title and section name anew. */
static void plan_keep(const Work *work, const DesignateRow *row, Person **person,
		      const Designation *open)
{
	ImportResult *result = work->plan->result;
	DesignateStep *step = add_step(work, row, person, copy_of(open));
	Designation *designation = step->designation;

	step->action = DESIGNATE_KEEP;
	g_hash_table_add(work->kept, (gpointer) open);
	replace(&designation->section_name, work->section->name, &step->is_changed);
	replace(&designation->title, step->person->title, &step->is_changed);
	replace(&designation->until, NULL, &step->is_changed);
	if (import_field_or_null(row->duties) != NULL)
		replace(&designation->duties, row->duties, &step->is_changed);
	if (strcmp(open->from, work->plan->request->from) > 0)
		import_result_tell(
			result, row->line,
			N_("staff %s: the designation %s begins only on %s and stays so"),
			row->staff, open->id, open->from);
	if (!step->is_changed) {
		result->unchanged++;
		return;
	}
	result->changed++;
	import_result_tell(result, row->line,
			   N_("staff %s (%s): the designation %s goes on with the present title, "
			      "section name and duties"),
			   row->staff, step->person->name, open->id);
}

static gboolean plan_end(const Work *work, const DesignateRow *row, Person **person,
			 const Designation *open, GError **error)
{
	ImportResult *result = work->plan->result;
	gint64 line = row != NULL ? row->line : 0;
	DesignateCards cards = { work->plan->tx, work->plan->op, result, line };
	DesignateStep *step;

	g_hash_table_add(work->kept, (gpointer) open);
	if (open->until != NULL && strcmp(open->until, work->end) <= 0) {
		result->unchanged++;
		return TRUE;
	}
	step = add_step(work, row, person, copy_of(open));
	step->action = DESIGNATE_END;
	replace(&step->designation->until, work->end, &step->is_changed);
	result->ended++;
	import_result_tell(
		result, line, N_("staff %s (%s): the designation %s for \"%s\" ends on %s"),
		step->person->staff, step->person->name, open->id, open->authority, work->end);
	step->recalls = designate_cards_to_recall(&cards, step->person, step->designation,
						  work->plan->request->from, error);
	return step->recalls != NULL;
}

static gboolean plan_row(Work *work, const DesignateRow *row, GError **error)
{
	g_autofree char *key = g_strdup_printf("%s/%s", row->staff, row->authority);
	g_autoptr(Person) person = NULL;
	const Designation *open = g_hash_table_lookup(work->open, key);
	DesignateAction word;
	gboolean serves;

	if (!check_texts(work, row) || !read_word(work, row, &word) || !check_once(work, row, key))
		return TRUE;
	if (!store_person_find(work->plan->tx, row->staff, &person, error))
		return FALSE;
	if (open != NULL)
		g_hash_table_add(work->kept, (gpointer) open);
	if (!check_person(work, row, person) || !check_word(work, row, word, open))
		return TRUE;
	if (word == DESIGNATE_END)
		return plan_end(work, row, &person, open, error);
	if (!incumbent_serves(work->plan->tx, person, work->plan->request->section,
			      work->plan->request->from, &serves, error))
		return FALSE;
	if (!check_right(work, row, person, serves))
		return TRUE;
	if (open == NULL)
		plan_add(work, row, &person);
	else
		plan_keep(work, row, &person, open);
	return TRUE;
}

static gboolean plan_missing(const Work *work, GError **error)
{
	for (guint i = 0; i < work->designations->len; i++) {
		const Designation *open = work->designations->pdata[i];
		g_autoptr(Person) person = NULL;

		if (g_hash_table_contains(work->kept, open))
			continue;
		person = store_person_by_id(work->plan->tx, open->person, error);
		if (person == NULL || !plan_end(work, NULL, &person, open, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean index_open(Work *work, GError **error)
{
	for (guint i = 0; i < work->designations->len; i++) {
		Designation *open = work->designations->pdata[i];
		g_autoptr(Person) person = store_person_by_id(work->plan->tx, open->person, error);

		if (person == NULL)
			return FALSE;
		g_hash_table_insert(work->open,
				    g_strdup_printf("%s/%s", person->staff, open->authority), open);
	}
	return TRUE;
}

static gboolean run(Work *work, GError **error)
{
	const DesignateRequest *request = work->plan->request;

	if (!index_open(work, error))
		return FALSE;
	for (guint i = 0; i < request->rows->len; i++)
		if (!plan_row(work, request->rows->pdata[i], error))
			return FALSE;
	return import_result_check(work->plan->result, request->file, error) &&
	       plan_missing(work, error);
}

GPtrArray *designate_plan(const DesignatePlan *plan, GError **error)
{
	const DesignateRequest *request = plan->request;
	g_autoptr(Section) section = store_person_section(plan->tx, request->section, error);
	g_autofree char *end = last_day(plan->op, request);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) kept = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) steps =
		g_ptr_array_new_with_free_func((GDestroyNotify) designate_plan_step_free);
	g_autofree char *today = clock_date(plan->op->now);
	const char *since = strcmp(request->from, today) > 0 ? request->from : today;
	g_autoptr(GPtrArray) designations = NULL;
	g_autoptr(Permit) permit =
		section != NULL ? permit_load(plan->op->house->config, request->from, error) : NULL;
	Work work = { plan, section, end, seen, open, kept, NULL, steps, permit };

	if (permit == NULL)
		return NULL;
	designations = store_designation_list(plan->tx, request->section, 0, since, error);
	work.designations = designations;
	return designations != NULL && run(&work, error) ? g_steal_pointer(&steps) : NULL;
}
