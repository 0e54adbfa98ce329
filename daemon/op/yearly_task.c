/* SPDX-License-Identifier: Apache-2.0
 * Yearly tasks. */
#include "daemon/op/yearly_task.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/record.h"
#include "daemon/op/view.h"
#include "daemon/op/work_record.h"
#include "pkcs11/failpoint.h"

#define DAY 86400

void yearly_task_clear(YearlyState *state)
{
	g_clear_pointer(&state->due, g_free);
	g_clear_pointer(&state->done, store_work_yearly_free);
}

gboolean yearly_task_state(StoreTx *tx, const Op *op, int fiscal_year, YearlyKind kind,
			   YearlyState *ret_state, GError **error)
{
	const YearlyRow *row = yearly_row(kind);
	const Config *config = op->house->config;
	g_autofree char *today = clock_date(op->now);
	g_autofree char *begin = yearly_begin(fiscal_year);
	gint64 reminder = config_policy(config, POLICY_YEARLY_REMINDER, today);
	g_autofree char *soon = NULL;

	if (!store_work_yearly_get(tx, fiscal_year, row->name, &ret_state->done, error))
		return FALSE;
	ret_state->due = yearly_day(fiscal_year, config_policy(config, row->due, begin));
	soon = clock_add_days(ret_state->due, -(int) (reminder / DAY));
	if (ret_state->done != NULL)
		ret_state->name = "done";
	else if (strcmp(ret_state->due, today) < 0)
		ret_state->name = "overdue";
	else
		ret_state->name = strcmp(soon, today) <= 0 ? "soon" : "open";
	return TRUE;
}

gboolean yearly_task_is_owed(StoreTx *tx, const char *due, gboolean *ret_is_owed, GError **error)
{
	gint64 first;
	g_autofree char *day = NULL;

	if (!store_work_first(tx, &first, error))
		return FALSE;
	day = clock_date(first);
	*ret_is_owed = first != 0 && strcmp(day, due) < 0;
	return TRUE;
}

static json_t *view(int fiscal_year, const YearlyRow *row, const YearlyState *state)
{
	const YearlyDone *done = state->done;

	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "fiscalYear",
			 fiscal_year, "kind", row->name, "kindJa", row->ja, "article", row->article,
			 "due", state->due, "state", state->name, "doneOn",
			 view_text(done != NULL ? done->done_on : NULL), "reference",
			 view_text(done != NULL ? done->reference : NULL), "by",
			 view_text(done != NULL ? done->entered_by : NULL), "note",
			 view_text(done != NULL ? done->note : NULL));
}

json_t *yearly_task_view(StoreTx *tx, const Op *op, int fiscal_year, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	int year = fiscal_year != 0 ? fiscal_year : yearly_fiscal_year(today);
	json_t *items = json_array();

	for (int kind = 0; kind < _YEARLY_KIND_MAX; kind++) {
		g_auto(YearlyState) state = { 0 };

		if (!yearly_task_state(tx, op, year, (YearlyKind) kind, &state, error)) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, view(year, yearly_row((YearlyKind) kind), &state));
	}
	return view_page(items, NULL);
}

static gboolean check_day(const Op *op, int fiscal_year, const char *day, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *begin = yearly_begin(fiscal_year);

	if (!clock_is_date(day))
		return error_set(error, ERROR_USAGE, N_("\"%s\" is no day of the calendar"), day);
	return (strcmp(begin, day) <= 0 && strcmp(day, today) <= 0) ||
	       error_set(error, ERROR_RULE,
			 N_("%s lies before the fiscal year %d begins or in the future; it is "
			    "entered when it is done"),
			 day, fiscal_year);
}

static gboolean check_facts(const Op *op, const YearlyFacts *facts, YearlyKind *ret_kind,
			    GError **error)
{
	g_autofree char *choices = yearly_choices();
	g_autofree char *needed = NULL;

	if (!yearly_parse(facts->kind, ret_kind))
		return error_set(error, ERROR_USAGE, N_("\"%s\" is no yearly task; tasks are %s"),
				 facts->kind, choices);
	if (facts->reference == NULL || *facts->reference == '\0')
		return error_set(error, ERROR_USAGE,
				 N_("name the report that shows it, with --reference"));
	needed = role_table_names(op->house->role_table, yearly_row(*ret_kind)->done_by);
	return (op->actor->person != 0 && op_has_role(op, yearly_row(*ret_kind)->done_by)) ||
	       error_set(error, ERROR_DENIED,
			 N_("%s may not record %s as done: it takes the role %s (%s)"),
			 op->actor->id, facts->kind, needed, yearly_row(*ret_kind)->article);
}

/* N56: 年度切替 goes through all designations, so it has a work record with their numbers. */
static gboolean write_year_change(StoreTx *tx, const Op *op, int fiscal_year, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *before = yearly_end(fiscal_year - 1);
	g_autofree char *content = g_strdup_printf("%d年度の指定の継続確認", fiscal_year);
	WorkFacts facts = { .kind = "year-change", .content = content };
	gint64 old = 0, now = 0;

	if (!store_work_count(tx, WORK_COUNT_DESIGNATIONS, before, &old, error) ||
	    !store_work_count(tx, WORK_COUNT_DESIGNATIONS, today, &now, error))
		return FALSE;
	facts.before = json_pack("{s:I}", "指定", (json_int_t) old);
	facts.after = json_pack("{s:I}", "指定", (json_int_t) now);
	return work_record_open(tx, op, &facts, NULL, error);
}

static gboolean write_done(StoreTx *tx, const Op *op, const YearlyDone *done, YearlyKind kind,
			   GError **error)
{
	Record record = { .kind = "yearly-done",
			  .article = yearly_row(kind)->article,
			  .note = done->note };

	if (!store_work_yearly_put(tx, done, error) ||
	    (kind == YEARLY_CONTINUATION && !write_year_change(tx, op, done->fiscal_year, error)))
		return FALSE;
	record.extra = json_pack("{s:i, s:s, s:s, s:s}", "fiscalYear", done->fiscal_year, "task",
				 done->kind, "doneOn", done->done_on, "reference", done->reference);
	return record_event(tx, op, NULL, &record, error);
}

gboolean yearly_task_done(Op *op, const YearlyFacts *facts, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(StoreTx) tx = NULL;
	YearlyKind kind;
	YearlyDone done = { .fiscal_year = facts->fiscal_year != 0 ? facts->fiscal_year
								   : yearly_fiscal_year(today),
			    .kind = (char *) facts->kind,
			    .done_on = facts->done_on != NULL ? (char *) facts->done_on : today,
			    .reference = (char *) facts->reference,
			    .entered_at = op->now,
			    .entered_by = op->actor->id,
			    .note = (char *) facts->note };

	if (!check_facts(op, facts, &kind, error) ||
	    !check_day(op, done.fiscal_year, done.done_on, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	FAILPOINT("yearly.before");
	if (tx == NULL || !write_done(tx, op, &done, kind, error) || !store_tx_commit(&tx, error))
		return FALSE;
	FAILPOINT("yearly.after");
	return TRUE;
}
