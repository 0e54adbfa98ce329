/* SPDX-License-Identifier: Apache-2.0
 * One walk through the ledger counts what is out of the ordinary. There is no record of a
 * terminal's hours yet: what is done to cards stands for their use. */
#include "daemon/op/trail_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/workday.h"
#include "daemon/core/yearly.h"
#include "daemon/op/dump.h"
#include "daemon/op/record.h"
#include "daemon/op/register.h"
#include "daemon/op/register_state.h"
#include "daemon/op/view.h"
#include "daemon/store/store_holiday.h"
#include "daemon/store/store_work.h"

#define DAY          86400
#define JAPAN        32400
#define PINS_MANY    3
#define DORMANT_DAYS 180
#define HELD_DAYS    90

typedef struct Tally {
	guint count;
	gint64 first;
	gint64 last;
} Tally;

typedef struct Analysis {
	gint64 begin; /* of the year */
	GHashTable *closed;
	int opens; /* seconds of the day */
	int closes;
	GHashTable *outside; /* actor → Tally */
	GHashTable *pins;    /* card → Tally */
	GHashTable *late;    /* card → Tally */
	GHashTable *used;    /* card → Tally: any use */
	GHashTable *held;    /* card → Tally: on hold since first */
} Analysis;

static GHashTable *new_tallies(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static void analysis_clear(Analysis *analysis)
{
	GHashTable **const tables[] = { &analysis->closed, &analysis->outside, &analysis->pins,
					&analysis->late,   &analysis->used,    &analysis->held };

	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
		g_clear_pointer(tables[i], g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Analysis, analysis_clear)

static void count(GHashTable *tallies, const char *key, gint64 at)
{
	Tally *tally = g_hash_table_lookup(tallies, key);

	if (tally == NULL) {
		tally = g_new0(Tally, 1);
		tally->first = at;
		g_hash_table_insert(tallies, g_strdup(key), tally);
	}
	tally->count++;
	tally->last = MAX(tally->last, at);
}

static gboolean is_outside(const Analysis *analysis, gint64 at)
{
	g_autofree char *day = clock_date(at);
	int second = (int) ((at + JAPAN) % DAY);

	return second < analysis->opens || second >= analysis->closes ||
	       !workday_is(day, analysis->closed);
}

static gboolean is_use(const char *kind)
{
	static const char *const kinds[] = { "hand-over",  "pin-change", "pin-reset",
					     "card-check", "renew",      NULL };

	return g_strv_contains(kinds, kind);
}

static gboolean is_over(const char *state)
{
	static const char *const states[] = { "RECALLED", "LOST", "STOLEN", NULL };

	return state != NULL && g_strv_contains(states, state);
}

static gboolean is_person(const char *actor)
{
	return *actor != '\0' && strcmp(actor, "opcardd") != 0 && strcmp(actor, "root") != 0 &&
	       !g_str_has_prefix(actor, "uid:");
}

static gboolean take(Report *report, const LedgerRow *row, const json_t *body, gpointer data,
		     GError **error)
{
	const char *state =
		json_string_value(json_object_get(json_object_get(body, "card"), "state"));
	Analysis *analysis = data;

	(void) report, (void) error;
	if (row->card == NULL)
		return TRUE;
	if (g_strcmp0(state, "SUSPENDED") != 0)
		g_hash_table_remove(analysis->held, row->card);
	else if (!g_hash_table_contains(analysis->held, row->card))
		count(analysis->held, row->card, row->at);
	if (is_use(row->kind))
		count(analysis->used, row->card, row->at);
	if (row->at < analysis->begin)
		return TRUE;
	if (is_person(row->actor) && is_outside(analysis, row->at))
		count(analysis->outside, row->actor, row->at);
	if (strcmp(row->kind, "pin-failed") == 0)
		count(analysis->pins, row->card, row->at);
	if (is_use(row->kind) && is_over(state))
		count(analysis->late, row->card, row->at);
	return TRUE;
}

static gboolean read_hours(const Report *report, Analysis *analysis, GError **error)
{
	const char *text =
		config_policy_text(report->op->house->config, POLICY_OFFICE_HOURS, report->until);
	unsigned hours[4] = { 0 };
	int length = 0;

	if (sscanf(text, "%2u:%2u-%2u:%2u%n", &hours[0], &hours[1], &hours[2], &hours[3],
		   &length) != 4 ||
	    text[length] != '\0' || hours[0] > 24 || hours[2] > 24 || hours[1] > 59 ||
	    hours[3] > 59)
		return error_set(error, ERROR_USAGE,
				 N_("office-hours = %s of the policy is not like 08:30-17:15"),
				 text);
	analysis->opens = (int) (hours[0] * 3600 + hours[1] * 60);
	analysis->closes = (int) (hours[2] * 3600 + hours[3] * 60);
	return TRUE;
}

static void add_row(Report *report, const char *item, const char *subject, const char *name,
		    const Tally *tally)
{
	g_autofree char *number = g_strdup_printf("%u", tally->count);
	g_autofree char *first = clock_date(tally->first);
	g_autofree char *last = clock_date(tally->last);
	g_autofree char *span = g_strdup_printf("%s から %s まで", first, last);
	json_t *row = json_object();

	report_set(row, "category", item);
	report_set(row, "number", subject);
	report_set(row, "name", name);
	report_set(row, "count", number);
	report_set(row, "content", strcmp(first, last) == 0 ? first : span);
	json_array_append_new(report->rows, row);
}

static gint compare_keys(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

/* Keys in order, those with fewer than @least left out. */
static gboolean add_tallies(Report *report, const char *item, GHashTable *tallies, guint least,
			    GError **error)
{
	g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(tallies), compare_keys);

	for (GList *key = keys; key != NULL; key = key->next) {
		const Tally *tally = g_hash_table_lookup(tallies, key->data);
		g_autofree char *name = NULL;

		if (tally->count < least)
			continue;
		name = view_actor(report->tx, key->data, error);
		if (name == NULL)
			return FALSE;
		add_row(report, item, key->data, strcmp(name, key->data) != 0 ? name : NULL, tally);
	}
	return TRUE;
}

static gboolean add_cards(Report *report, const Analysis *analysis, GError **error)
{
	g_autoptr(GPtrArray) states = register_ordered(report->tx, report->end - 1, error);
	gint64 end = MIN(report->end, report->op->now);

	for (guint i = 0; states != NULL && i < states->len; i++) {
		const RegisterState *state = states->pdata[i];
		const Tally *used = g_hash_table_lookup(analysis->used, state->number);
		const Tally *held = g_hash_table_lookup(analysis->held, state->number);

		if (state->state != CARD_ACTIVE)
			continue;
		if (used != NULL && used->last < end - DORMANT_DAYS * (gint64) DAY)
			add_row(report, "長期未使用", state->number, state->name, used);
		if (held != NULL && held->first < end - HELD_DAYS * (gint64) DAY)
			add_row(report, "長期の一時停止", state->number, state->name, held);
	}
	return states != NULL;
}

static gboolean set_signature(Report *report, GError **error)
{
	g_autofree char *by = NULL;
	g_autofree char *name = NULL;
	gint64 at;

	if (!trail_report_signed(report->tx, report->request->fiscal_year, &by, &at, error))
		return FALSE;
	if (by == NULL)
		return TRUE;
	name = view_actor(report->tx, by, error);
	report_set(report->values, "確認者", name);
	report_set_day(report->values, "確認日", at);
	return name != NULL;
}

gboolean trail_report_make(Report *report, GError **error)
{
	g_auto(Analysis) analysis = { .outside = new_tallies(),
				      .pins = new_tallies(),
				      .late = new_tallies(),
				      .used = new_tallies(),
				      .held = new_tallies() };
	LedgerFilter all = { .limit = 0 };
	Report ever = *report;

	analysis.begin = report->begin;
	if (report->request->fiscal_year == NULL)
		return error_set(error, ERROR_USAGE,
				 N_("the analysis is of a fiscal year: name one (fiscalYear)"));
	analysis.closed = store_holiday_set(report->tx, report->from, report->until, error);
	if (analysis.closed == NULL || !read_hours(report, &analysis, error))
		return FALSE;
	/* Holds and the last use may be older than the year. */
	ever.begin = 0;
	return report_ledger(&ever, &all, take, &analysis, error) &&
	       add_tallies(report, "執務時間外の操作", analysis.outside, 1, error) &&
	       add_tallies(report, "パスワードの誤り多数", analysis.pins, PINS_MANY, error) &&
	       add_tallies(report, "回収・失効後の使用", analysis.late, 1, error) &&
	       add_cards(report, &analysis, error) && set_signature(report, error);
}

gboolean trail_report_signed(StoreTx *tx, const char *fiscal_year, char **ret_by, gint64 *ret_at,
			     GError **error)
{
	g_autoptr(GPtrArray) rows = store_ledger_own(tx, "audit-sign-off", error);
	const LedgerRow *found = NULL;

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const LedgerRow *row = rows->pdata[i];
		json_t *body = json_loads(row->body, 0, NULL);

		if (g_strcmp0(json_string_value(json_object_get(body, "fiscalYear")),
			      fiscal_year) == 0)
			found = row;
		json_decref(body);
	}
	*ret_by = found != NULL ? g_strdup(found->actor) : NULL;
	*ret_at = found != NULL ? found->at : 0;
	return rows != NULL;
}

static json_t *sum_up(StoreTx *tx, const Op *op, const char *fiscal_year, GError **error)
{
	ReportRequest request = { .name = "operation-analysis", .fiscal_year = fiscal_year };
	json_t *report = report_make(tx, op, &request, error);
	json_t *rows = json_object_get(report, "rows"), *sum;
	char *text;
	g_autofree char *digest = NULL;

	if (report == NULL)
		return NULL;
	text = dump_json(rows);
	digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	g_free(text);
	sum = json_pack("{s:s, s:i, s:s}", "fiscalYear", fiscal_year, "rows",
			(int) json_array_size(rows), "sha256", digest);
	json_decref(report);
	return sum;
}

/* With the signature the year's analysis is done. */
static gboolean note_done(StoreTx *tx, const Op *op, const char *fiscal_year, const json_t *sum,
			  GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *reference = g_strdup_printf(
		"操作履歴解析結果 sha256:%.16s", json_string_value(json_object_get(sum, "sha256")));
	YearlyDone done = { .fiscal_year = atoi(fiscal_year),
			    .kind = (char *) yearly_row(YEARLY_ANALYSIS)->name,
			    .done_on = today,
			    .reference = reference,
			    .entered_at = op->now,
			    .entered_by = op->actor->id };

	return store_work_yearly_put(tx, &done, error);
}

json_t *trail_report_sign(Op *op, const char *fiscal_year, const char *note, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	Record record = { .kind = "audit-sign-off", .article = "T33", .note = note };
	json_t *sum;

	if (op->actor->person == 0) {
		error_set(error, ERROR_DENIED,
			  N_("%s is no person; only a person signs for the analysis (T33)"),
			  op->actor->id);
		return NULL;
	}
	sum = tx != NULL ? sum_up(tx, op, fiscal_year, error) : NULL;
	if (sum == NULL || op->is_dry_run)
		return sum;
	g_clear_pointer(&tx, store_tx_abort);
	tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	if (tx != NULL) {
		record.extra = json_incref(sum);
		if (record_event(tx, op, NULL, &record, error) &&
		    note_done(tx, op, fiscal_year, sum, error) && store_tx_commit(&tx, error))
			return sum;
	}
	json_decref(sum);
	return NULL;
}
