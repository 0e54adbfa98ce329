/* SPDX-License-Identifier: Apache-2.0
 * Registers as rows. Today's card register is read from the tables, that of a past day from the
 * snapshots in the ledger; both become the same struct and go through the same function. */
#include "daemon/op/register.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/register_state.h"
#include "daemon/store/store_ledger.h"
#include "daemon/store/store_person.h"
#include "daemon/store/store_register.h"

#define DAY 86400

static const struct {
	const char *name;
	const char *ja;
} kinds[] = {
	{ "operator", "操作者用" },
	{ "administrator", "管理者用" },
	{ "temporary", "臨時" },
	{ "shared", "共用" },
};

const char *register_kind_ja(const char *kind)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_strcmp0(kinds[i].name, kind) == 0)
			return kinds[i].ja;
	return kind;
}

gboolean register_kind_is_known(const char *kind)
{
	return register_kind_ja(kind) != kind;
}

char *register_kinds(void)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", kinds[i].name);
	return g_string_free(text, FALSE);
}

static void set(json_t *row, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		json_object_set_new(row, key, json_string(text));
}

/* @rows is taken over. */
static json_t *document(const Op *op, const char *date, json_t *rows)
{
	g_autofree char *now = clock_time(op->now);
	json_t *values = json_object();

	set(values, "団体名", config_text(op->house->config, CONFIG_ORGANISATION));
	set(values, "出力日時", now);
	set(values, "作成日時", now);
	set(values, "出力者", op->actor->name != NULL ? op->actor->name : op->actor->id);
	set(values, "基準日", date);
	return json_pack("{s:o, s:o}", "values", values, "rows", rows);
}

/* The day asked for, checked; NULL with an error. */
static char *day_of(StoreTx *tx, const Op *op, const RegisterRequest *request, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(Section) section = NULL;

	if (request->section != NULL) {
		section = store_person_section(tx, request->section, error);
		if (section == NULL)
			return NULL;
	}
	if (request->as_of == NULL)
		return g_steal_pointer(&today);
	if (!clock_is_date(request->as_of)) {
		error_set(error, ERROR_USAGE,
			  N_("\"%s\" is no day of the calendar; write it like 2026-04-01"),
			  request->as_of);
		return NULL;
	}
	if (strcmp(request->as_of, today) > 0) {
		error_set(error, ERROR_USAGE,
			  N_("%s lies in the future; a register is known up to today, %s"),
			  request->as_of, today);
		return NULL;
	}
	return g_strdup(request->as_of);
}

static json_t *issue_row(const IssueRow *issue)
{
	json_t *row = json_object();

	set(row, "issuedOn", issue->issued_on);
	set(row, "section", issue->section);
	set(row, "title", issue->title);
	set(row, "name", issue->name);
	set(row, "staff", issue->staff);
	set(row, "authority", issue->authority);
	set(row, "card", issue->card);
	set(row, "returnedOn", issue->returned_on);
	set(row, "reason", issue->reason);
	return row;
}

json_t *register_issue(StoreTx *tx, const Op *op, const RegisterRequest *request, GError **error)
{
	g_autofree char *day = day_of(tx, op, request, error);
	g_autoptr(GPtrArray) list =
		day != NULL ? store_register_list(tx, day, request->section, error) : NULL;
	json_t *rows;

	if (list == NULL)
		return NULL;
	rows = json_array();
	for (guint i = 0; i < list->len; i++)
		json_array_append_new(rows, issue_row(list->pdata[i]));
	return document(op, day, rows);
}

/* 備考: what became of the card, and where one is that nobody has. */
static char *remark_of(const RegisterState *state)
{
	gboolean is_in_use = state->state == CARD_ACTIVE;
	g_autoptr(GString) text = g_string_new(is_in_use ? NULL : card_state_ja(state->state));

	if (state->name == NULL && state->place != NULL && state->state != CARD_DISPOSED)
		g_string_append_printf(text, "（%s）", state->place);
	if (state->remark != NULL && *state->remark != '\0')
		g_string_append_printf(text, "%s%s", text->len > 0 ? "、" : "", state->remark);
	return g_strdup(text->str);
}

static json_t *card_row(const RegisterState *state)
{
	g_autofree char *remark = remark_of(state);
	json_t *row = json_object();

	set(row, "kind", register_kind_ja(state->kind));
	set(row, "card", state->number);
	set(row, "section", state->section);
	set(row, "title", state->title);
	set(row, "name", state->name);
	set(row, "staff", state->staff);
	set(row, "authority", state->authority);
	set(row, "lentOn", state->lent_on);
	set(row, "checkedOn", state->checked_on);
	set(row, "note", remark);
	return row;
}

/* Section code → place in 建制順, from 1. */
static GHashTable *section_order(StoreTx *tx, GError **error)
{
	g_autoptr(GPtrArray) sections = store_person_sections(tx, error);
	g_autoptr(GHashTable) order = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; sections != NULL && i < sections->len; i++)
		g_hash_table_insert(order, g_strdup(((const Section *) sections->pdata[i])->code),
				    GUINT_TO_POINTER(i + 1));
	return sections != NULL ? g_steal_pointer(&order) : NULL;
}

/* Sections that are gone come after the present ones, cards without a holder last. */
static guint rank_of(const RegisterState *state, GHashTable *order)
{
	guint place;

	if (state->name == NULL)
		return G_MAXUINT;
	if (state->section_code == NULL)
		return G_MAXUINT - 1;
	place = GPOINTER_TO_UINT(g_hash_table_lookup(order, state->section_code));
	return place != 0 ? place : G_MAXUINT - 1;
}

static gint compare_states(gconstpointer a, gconstpointer b, gpointer order)
{
	const RegisterState *one = *(RegisterState *const *) a;
	const RegisterState *other = *(RegisterState *const *) b;
	guint rank = rank_of(one, order), other_rank = rank_of(other, order);
	int sections = g_strcmp0(one->section_code, other->section_code);

	if (rank != other_rank)
		return rank < other_rank ? -1 : 1;
	if (sections != 0 && rank != G_MAXUINT)
		return sections;
	if (one->place_in_report != other->place_in_report)
		return one->place_in_report < other->place_in_report ? -1 : 1;
	return strcmp(one->number, other->number);
}

/* A user report names all persons of its section in 建制順, and each is recorded in that order. */
static gboolean place_all(StoreTx *tx, const GPtrArray *states, gint64 until, GError **error)
{
	for (guint i = 0; i < states->len; i++) {
		RegisterState *state = states->pdata[i];

		if (state->staff != NULL &&
		    !store_ledger_newest(tx, state->staff, "designate", until,
					 &state->place_in_report, error))
			return FALSE;
	}
	return TRUE;
}

/* Takes @states over. */
static GPtrArray *order_all(StoreTx *tx, GPtrArray *states, gint64 until, GError **error)
{
	g_autoptr(GPtrArray) owned = states;
	g_autoptr(GHashTable) order = owned != NULL ? section_order(tx, error) : NULL;

	if (order == NULL || !place_all(tx, owned, until, error))
		return NULL;
	g_ptr_array_sort_with_data(owned, compare_states, order);
	return g_steal_pointer(&owned);
}

GPtrArray *register_ordered(StoreTx *tx, gint64 until, GError **error)
{
	return order_all(tx, register_state_at(tx, until, error), until, error);
}

json_t *register_card(StoreTx *tx, const Op *op, const RegisterRequest *request, GError **error)
{
	g_autofree char *day = day_of(tx, op, request, error);
	g_autofree char *today = clock_date(op->now);
	g_autoptr(GPtrArray) states = NULL;
	json_t *rows;

	if (day == NULL)
		return NULL;
	states = strcmp(day, today) == 0
			 ? order_all(tx, register_state_now(tx, error), op->now, error)
			 : register_ordered(tx, clock_day_start(day) + DAY - 1, error);
	if (states == NULL)
		return NULL;
	rows = json_array();
	for (guint i = 0; i < states->len; i++) {
		const RegisterState *state = states->pdata[i];

		if (request->section == NULL ||
		    g_strcmp0(state->section_code, request->section) == 0)
			json_array_append_new(rows, card_row(state));
	}
	return document(op, day, rows);
}

/* Number → row, taken from the states. */
static GHashTable *rows_by_number(const GPtrArray *states)
{
	GHashTable *rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						 (GDestroyNotify) json_decref);

	for (guint i = 0; i < states->len; i++) {
		const RegisterState *state = states->pdata[i];

		g_hash_table_insert(rows, g_strdup(state->number), card_row(state));
	}
	return rows;
}

static void find_differences(GHashTable *table, GHashTable *ledger, GPtrArray *numbers)
{
	GHashTableIter iter;
	gpointer number, row;

	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, &number, &row)) {
		json_t *told = g_hash_table_lookup(ledger, number);

		if (told == NULL || !json_equal(row, told))
			g_ptr_array_add(numbers, g_strdup(number));
	}
	g_hash_table_iter_init(&iter, ledger);
	while (g_hash_table_iter_next(&iter, &number, &row))
		if (!g_hash_table_contains(table, number))
			g_ptr_array_add(numbers, g_strdup(number));
}

static gint compare_numbers(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

GPtrArray *register_differences(StoreTx *tx, const Op *op, gint64 *ret_count, GError **error)
{
	g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) now = register_state_now(tx, error);
	g_autoptr(GPtrArray) told = now != NULL ? register_state_at(tx, op->now, error) : NULL;
	g_autoptr(GHashTable) table = NULL;
	g_autoptr(GHashTable) ledger = NULL;

	if (told == NULL)
		return NULL;
	table = rows_by_number(now);
	ledger = rows_by_number(told);
	find_differences(table, ledger, numbers);
	g_ptr_array_sort(numbers, compare_numbers);
	*ret_count = now->len;
	return g_steal_pointer(&numbers);
}
