/* SPDX-License-Identifier: Apache-2.0
 * The staff list: all rows are looked at first, against the store and against each other, then
 * written in one transaction. What a change means for cards is told, never done: rights end by a
 * user report or the directory. */
#include "daemon/op/import_staff.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/import_field.h"
#include "daemon/op/record.h"
#include "daemon/op/work_record.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_person.h"

#define TEXT_MAX       100
#define CARDS_MAX      100
#define EMPLOYMENT_MAX 50
#define MAY            (ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_ROOT))

typedef struct Change {
	Person *person;
	gboolean is_renamed;
} Change;

typedef struct Import {
	StoreTx *tx;
	const Op *op;
	char *today;
	ImportResult *result;
	GHashTable *seen;     /* staff number → row */
	GHashTable *sections; /* codes that exist */
	GArray *changes;      /* Change */
} Import;

/* A member of Person that a change is told of. */
static const struct {
	gsize offset;
	const char *format;
} members[] = {
	{ offsetof(Person, name), N_("staff %s: the name \"%s\" becomes \"%s\"") },
	{ offsetof(Person, kana), N_("staff %s: the kana \"%s\" becomes \"%s\"") },
	{ offsetof(Person, section), N_("staff %s: the section %s becomes %s") },
	{ offsetof(Person, subsection), N_("staff %s: the subsection \"%s\" becomes \"%s\"") },
	{ offsetof(Person, title), N_("staff %s: the title \"%s\" becomes \"%s\"") },
	{ offsetof(Person, employment), N_("staff %s: the employment \"%s\" becomes \"%s\"") },
	{ offsetof(Person, until), N_("staff %s: the end of term %s becomes %s") },
};

static void clear_change(gpointer data)
{
	person_free(((Change *) data)->person);
}

static const char *member_of(const Person *person, gsize i)
{
	return *(char *const *) ((const char *) person + members[i].offset);
}

static gboolean check_staff(const Import *import, const ImportStaffRow *row)
{
	ImportField field = { import->result, row->line, "staff" };
	const ImportStaffRow *twin;

	if (!import_field_staff(&field, row->staff))
		return FALSE;
	twin = g_hash_table_lookup(import->seen, row->staff);
	if (twin == NULL)
		return g_hash_table_insert(import->seen, row->staff, (gpointer) row);
	import_result_refuse(
		import->result, row->line, "staff",
		N_("the staff number %s stands in line %d already; a number belongs to "
		   "one person, delete one of the two lines"),
		row->staff, (int) twin->line);
	return FALSE;
}

static gboolean check_section(const Import *import, const ImportStaffRow *row)
{
	ImportField field = { import->result, row->line, "section" };

	if (!import_field_needed(&field, row->section, TEXT_MAX))
		return FALSE;
	if (g_hash_table_contains(import->sections, row->section))
		return TRUE;
	import_result_refuse(
		import->result, row->line, "section",
		N_("there is no section with the code %s; import the sections first or "
		   "correct the code"),
		row->section);
	return FALSE;
}

static gboolean check_row(const Import *import, const ImportStaffRow *row)
{
	const struct {
		const char *name;
		const char *text;
		glong max;
	} texts[] = {
		{ "kana", row->kana, TEXT_MAX },
		{ "subsection", row->subsection, TEXT_MAX },
		{ "title", row->title, TEXT_MAX },
		{ "employment", row->employment, EMPLOYMENT_MAX },
	};
	ImportField name = { import->result, row->line, "name" };
	ImportField until = { import->result, row->line, "until" };
	gboolean is_good = check_staff(import, row);

	is_good = import_field_needed(&name, row->name, TEXT_MAX) && is_good;
	is_good = check_section(import, row) && is_good;
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		ImportField field = { import->result, row->line, texts[i].name };

		is_good = import_field_text(&field, texts[i].text, texts[i].max) && is_good;
	}
	return import_field_date(&until, row->until) && is_good;
}

static Person *person_of(const ImportStaffRow *row)
{
	const char *employment = import_field_or_null(row->employment);
	Person *person = g_new0(Person, 1);

	person->staff = g_strdup(row->staff);
	person->name = g_strdup(row->name);
	person->kana = g_strdup(import_field_or_null(row->kana));
	person->section = g_strdup(row->section);
	person->subsection = g_strdup(import_field_or_null(row->subsection));
	person->title = g_strdup(import_field_or_null(row->title));
	person->employment = g_strdup(employment != NULL ? employment : "常勤");
	person->until = g_strdup(import_field_or_null(row->until));
	return person;
}

static gboolean tell_difference(const Import *import, gint64 line, const Person *old,
				const Person *person)
{
	gboolean is_changed = FALSE;

	for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
		const char *was = member_of(old, i);
		const char *is = member_of(person, i);

		if (g_strcmp0(was, is) == 0)
			continue;
		is_changed = TRUE;
		import_result_tell(import->result, line, members[i].format, person->staff,
				   was != NULL ? was : "-", is != NULL ? is : "-");
	}
	return is_changed;
}

static void tell_card(const Import *import, gint64 line, const Person *old, const Person *person,
		      const Card *card)
{
	gboolean is_over = !person_is_eligible(person, import->today);

	if (!card_is_live(card))
		return;
	if (is_over)
		import_result_tell(import->result, line,
				   N_("the term of staff %s ended on %s, but card %s is %s: recall "
				      "it with `opcardctl recall %s --reason CONTRACT_END`"),
				   person->staff, person->until, card->number,
				   card_state_label(card_shown(card)), card->number);
	else if (g_strcmp0(old->section, person->section) != 0)
		import_result_tell(
			import->result, line,
			N_("staff %s left section %s and still has card %s (%s): take in "
			   "the user report (form 2) of that section, which ends the "
			   "designation and recalls the card"),
			person->staff, old->section != NULL ? old->section : "-", card->number,
			card_state_label(card_shown(card)));
}

/* Only those whose term is over or who moved are worth a look at their cards. */
static gboolean tell_cards(const Import *import, gint64 line, const Person *old,
			   const Person *person, GError **error)
{
	g_autoptr(GPtrArray) cards = NULL;

	if (person_is_eligible(person, import->today) &&
	    g_strcmp0(old->section, person->section) == 0)
		return TRUE;
	cards = store_card_of_holder(import->tx, old->id, error);
	for (guint i = 0; cards != NULL && i < cards->len; i++)
		tell_card(import, line, old, person, cards->pdata[i]);
	return cards != NULL;
}

static gboolean plan_row(Import *import, const ImportStaffRow *row, GError **error)
{
	g_autoptr(Person) old = NULL;
	g_autoptr(Person) person = NULL;
	gboolean is_changed;
	Change change = { 0 };

	if (!check_row(import, row))
		return TRUE;
	if (!store_person_find(import->tx, row->staff, &old, error))
		return FALSE;
	person = person_of(row);
	if (old == NULL) {
		import->result->added++;
		change.person = g_steal_pointer(&person);
		g_array_append_val(import->changes, change);
		return TRUE;
	}
	is_changed = tell_difference(import, row->line, old, person);
	if (!tell_cards(import, row->line, old, person, error))
		return FALSE;
	if (!is_changed) {
		import->result->unchanged++;
		return TRUE;
	}
	import->result->changed++;
	change.is_renamed = strcmp(old->name, person->name) != 0;
	change.person = g_steal_pointer(&person);
	g_array_append_val(import->changes, change);
	return TRUE;
}

/* The card register shows the present name (改姓): its ledger must too. */
static gboolean record_renamed(const Import *import, const Person *person, GError **error)
{
	StoreCardFilter filter = { .holder = person->id, .limit = CARDS_MAX };
	g_autoptr(GPtrArray) cards = store_card_list(import->tx, &filter, error);
	Record record = { .kind = "import-staff", .article = "N46" };

	for (guint i = 0; cards != NULL && i < cards->len; i++)
		if (!record_card(import->tx, import->op, cards->pdata[i], &record, error))
			return FALSE;
	return cards != NULL;
}

static gboolean write_all(const Import *import, const ImportStaffRequest *request, GError **error)
{
	const ImportResult *result = import->result;
	Record record = { .kind = "import-staff", .article = "N46" };
	WorkImport work = { WORK_COUNT_STAFF, request->file, result };

	for (guint i = 0; i < import->changes->len; i++) {
		const Change *change = &g_array_index(import->changes, Change, i);

		if (!store_person_put(import->tx, change->person, error) ||
		    (change->is_renamed && !record_renamed(import, change->person, error)))
			return FALSE;
	}
	record.extra = json_pack("{s:s, s:i, s:I, s:I}", "file", request->file, "rows",
				 (int) request->rows->len, "added", (json_int_t) result->added,
				 "changed", (json_int_t) result->changed);
	return record_event(import->tx, import->op, NULL, &record, error) &&
	       work_record_import(import->tx, import->op, &work, error);
}

static gboolean load_sections(const Import *import, GError **error)
{
	g_autoptr(GPtrArray) list = store_person_sections(import->tx, error);

	for (guint i = 0; list != NULL && i < list->len; i++)
		g_hash_table_add(import->sections,
				 g_strdup(((const Section *) list->pdata[i])->code));
	return list != NULL;
}

static gboolean plan_all(Import *import, const ImportStaffRequest *request, GError **error)
{
	if (!load_sections(import, error))
		return FALSE;
	for (guint i = 0; i < request->rows->len; i++)
		if (!plan_row(import, request->rows->pdata[i], error))
			return FALSE;
	return import_result_check(import->result, request->file, error);
}

gboolean import_staff(Op *op, const ImportStaffRequest *request, ImportResult *ret_result,
		      GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) sections =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(Change));
	g_autofree char *today = clock_date(op->now);
	g_autoptr(StoreTx) tx = NULL;
	Import import = {
		.op = op,
		.today = today,
		.result = ret_result,
		.seen = seen,
		.sections = sections,
		.changes = changes,
	};

	g_array_set_clear_func(changes, clear_change);
	if (!op_has_role(op, MAY))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not import the staff list: it takes the role "
				    "system-admin (N46), or uid 0 when the house is set up"),
				 op->actor->id);
	if (!import_result_check_size(request->rows, IMPORT_STAFF_MAX, request->file, error))
		return FALSE;
	tx = op->is_dry_run ? store_tx_read(op->house->store, error)
			    : store_tx_begin(op->house->store, STORE_NORMAL, error);
	import.tx = tx;
	if (tx == NULL || !plan_all(&import, request, error))
		return FALSE;
	return op->is_dry_run ||
	       (write_all(&import, request, error) && store_tx_commit(&tx, error));
}
