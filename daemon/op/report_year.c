/* SPDX-License-Identifier: Apache-2.0
 * Everything is counted from the ledger, so that a year gives the same numbers whenever it is
 * asked; revocations from the certificates themselves. */
#include "daemon/op/report_year.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/certificate.h"
#include "daemon/core/lifecycle.h"
#include "daemon/op/pack.h"
#include "daemon/op/register.h"
#include "daemon/op/register_state.h"
#include "daemon/op/report_case.h"
#include "daemon/op/report_rule.h"
#include "daemon/store/store_certificate.h"

#define MONTHS 12

typedef enum Sum {
	SUM_ISSUED,
	SUM_RETURNED,
	SUM_REVOKED,
	SUM_LOST,
	SUM_TOTAL, /* lent on the last day */
	_SUM_MAX,
} Sum;

static const char *const sum_keys[_SUM_MAX] = { "issued", "returned", "revoked", "lost", "total" };

typedef struct Year {
	gint64 begin; /* begin <= at < end */
	gint64 end;
	GHashTable *kinds;    /* kind → gint64[_SUM_MAX] */
	GHashTable *sections; /* name → gint64 */
	gint64 all[_SUM_MAX];
	gint64 issued[MONTHS]; /* from April */
} Year;

static void year_clear(Year *year)
{
	g_clear_pointer(&year->kinds, g_hash_table_unref);
	g_clear_pointer(&year->sections, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Year, year_clear)

static void add(Year *year, const char *kind, Sum sum)
{
	gint64 *sums = g_hash_table_lookup(year->kinds, kind);

	if (sums == NULL) {
		sums = g_new0(gint64, _SUM_MAX);
		g_hash_table_insert(year->kinds, g_strdup(kind), sums);
	}
	sums[sum]++;
	year->all[sum]++;
}

static gboolean sum_of(const char *kind, Sum *ret_sum)
{
	static const struct {
		CardEvent event;
		Sum sum;
	} rows[] = { { EVENT_ISSUE_DONE, SUM_ISSUED },
		     { EVENT_RETURN, SUM_RETURNED },
		     { EVENT_REPORT_LOST, SUM_LOST },
		     { EVENT_REPORT_STOLEN, SUM_LOST } };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(lifecycle_event_name(rows[i].event), kind)) {
			*ret_sum = rows[i].sum;
			return TRUE;
		}
	return FALSE;
}

static gboolean take_record(Report *report, const LedgerRow *row, const json_t *body, gpointer data,
			    GError **error)
{
	Year *year = data;
	const char *kind =
		json_string_value(json_object_get(json_object_get(body, "card"), "kind"));
	g_autofree char *day = NULL;
	Sum sum;

	(void) report;
	(void) error;
	if (kind == NULL || !sum_of(row->kind, &sum))
		return TRUE;
	add(year, kind, sum);
	if (sum == SUM_ISSUED) {
		day = clock_date(row->at);
		year->issued[(g_ascii_strtoull(day + 5, NULL, 10) + 8) % MONTHS]++;
	}
	return TRUE;
}

static gboolean count_revoked(const Report *report, Year *year, const RegisterState *state,
			      GError **error)
{
	g_autoptr(GPtrArray) list = store_certificate_of_card(report->tx, state->number, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Certificate *certificate = list->pdata[i];

		if (certificate->state == CERTIFICATE_REVOKED &&
		    certificate->since >= year->begin && certificate->since < year->end)
			add(year, state->kind, SUM_REVOKED);
	}
	return list != NULL;
}

static void count_section(Year *year, const char *section)
{
	gint64 *count = g_hash_table_lookup(year->sections, section);

	if (count == NULL) {
		count = g_new0(gint64, 1);
		g_hash_table_insert(year->sections, g_strdup(section), count);
	}
	(*count)++;
}

static gboolean count_cards(const Report *report, Year *year, GError **error)
{
	g_autoptr(GPtrArray) states = register_state_at(report->tx, year->end - 1, error);

	for (guint i = 0; states != NULL && i < states->len; i++) {
		const RegisterState *state = states->pdata[i];

		if (!count_revoked(report, year, state, error))
			return FALSE;
		if (state->lent_on == NULL || state->staff == NULL)
			continue;
		add(year, state->kind, SUM_TOTAL);
		count_section(year, state->section != NULL ? state->section : "（所属なし）");
	}
	return states != NULL;
}

static gboolean count_year(Report *report, Year *year, GError **error)
{
	LedgerFilter everything = { 0 };
	Report span = *report;

	year->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	year->sections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	span.begin = year->begin;
	span.end = year->end;
	return report_ledger(&span, &everything, take_record, year, error) &&
	       count_cards(report, year, error);
}

static gboolean open_year(Report *report, Year *ret_year, GError **error)
{
	if (report->request->fiscal_year == NULL)
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" tells of a whole fiscal year; name it with "
				    "--fiscal-year"),
				 report->request->name);
	if (report->request->section != NULL)
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" tells of the whole office; leave --section out"),
				 report->request->name);
	ret_year->begin = report->begin;
	ret_year->end = report->end;
	return count_year(report, ret_year, error);
}

static void set_number(json_t *row, const char *key, gint64 number)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);

	report_set(row, key, text);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

static json_t *sum_row(const char *category, const gint64 sums[_SUM_MAX])
{
	json_t *row = json_object();

	report_set(row, "category", category);
	for (int sum = 0; sum < _SUM_MAX; sum++)
		set_number(row, sum_keys[sum], sums[sum]);
	return row;
}

static json_t *kind_rows(const Year *year)
{
	json_t *rows = json_array();
	GList *kinds = g_list_sort(g_hash_table_get_keys(year->kinds), by_name);

	for (const GList *kind = kinds; kind != NULL; kind = kind->next)
		json_array_append_new(rows, sum_row(register_kind_ja(kind->data),
						    g_hash_table_lookup(year->kinds, kind->data)));
	json_array_append_new(rows, sum_row("計", year->all));
	g_list_free(kinds);
	return rows;
}

static json_t *section_rows(const Year *year)
{
	json_t *rows = json_array();
	GList *sections = g_list_sort(g_hash_table_get_keys(year->sections), by_name);

	for (const GList *section = sections; section != NULL; section = section->next) {
		const gint64 *count = g_hash_table_lookup(year->sections, section->data);
		json_t *row = json_object();

		report_set(row, "section", section->data);
		set_number(row, "count", *count);
		json_array_append_new(rows, row);
	}
	g_list_free(sections);
	return rows;
}

static json_t *article_rows(const Report *report, GError **error)
{
	static const char *const keys[] = { "article", "content", "evidence", "judgement" };
	json_t *judged = pack_articles(report->tx, report->op, report->request->fiscal_year, error);
	json_t *rows = judged != NULL ? json_array() : NULL;
	json_t *from;
	size_t i;

	json_array_foreach(judged, i, from)
	{
		json_t *row = json_object();

		for (gsize k = 0; k < G_N_ELEMENTS(keys); k++)
			report_set(row, keys[k], json_string_value(json_object_get(from, keys[k])));
		json_array_append_new(rows, row);
	}
	json_decref(judged);
	return rows;
}

gboolean report_year_audit(Report *report, GError **error)
{
	g_auto(Year) year = { 0 };
	json_t *articles, *findings;

	if (!open_year(report, &year, error))
		return FALSE;
	findings = report_rule_finding_rows(report, error);
	articles = findings != NULL ? article_rows(report, error) : NULL;
	if (articles == NULL) {
		json_decref(findings);
		return FALSE;
	}
	report_set_day(report->values, "報告日", report->op->now);
	report->tables =
		json_pack("{s:o, s:o, s:o, s:o}", "カードの状況", kind_rows(&year), "所属別",
			  section_rows(&year), "条項別", articles, "指摘事項", findings);
	return TRUE;
}

static json_t *compared(const char *category, gint64 count, gint64 previous)
{
	json_t *row = json_object();

	report_set(row, "category", category);
	set_number(row, "count", count);
	set_number(row, "previous", previous);
	return row;
}

static json_t *month_rows(const Year *year)
{
	json_t *rows = json_array();

	for (int i = 0; i < MONTHS; i++) {
		g_autofree char *month = g_strdup_printf("%d月", (i + 3) % MONTHS + 1);
		json_t *row = json_object();

		report_set(row, "category", month);
		set_number(row, "count", year->issued[i]);
		json_array_append_new(rows, row);
	}
	return rows;
}

/* The same months a year earlier, up to the day the report stands for. */
static gboolean count_previous(Report *report, Year *year, GError **error)
{
	g_autofree char *next = clock_date(report->end);
	g_autofree char *from = g_strdup_printf("%04d-04-01", clock_year(report->begin) - 1);
	g_autofree char *until =
		g_strdup_printf("%04d%s", clock_year(report->end) - 1, next + strlen("YYYY"));

	if (!clock_is_date(until)) /* 29 February */
		memcpy(until + strlen("YYYY-"), "03-01", strlen("03-01"));
	year->begin = clock_day_start(from);
	year->end = clock_day_start(until);
	return count_year(report, year, error);
}

gboolean report_year_operation(Report *report, GError **error)
{
	static const struct {
		const char *category;
		Sum sum;
	} rows[] = { { "カードの発行（枚）", SUM_ISSUED },
		     { "カードの返納（枚）", SUM_RETURNED },
		     { "カードの失効（枚）", SUM_REVOKED },
		     { "紛失・盗難（件）", SUM_LOST },
		     { "期末の貸与（枚）", SUM_TOTAL } };
	g_auto(Year) year = { 0 };
	g_auto(Year) previous = { 0 };
	json_t *lines, *accidents;

	if (!open_year(report, &year, error) || !count_previous(report, &previous, error))
		return FALSE;
	accidents = report_case_accidents(report, error);
	if (accidents == NULL)
		return FALSE;
	lines = json_array();
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		json_array_append_new(lines, compared(rows[i].category, year.all[rows[i].sum],
						      previous.all[rows[i].sum]));
	report_set_day(report->values, "報告日", report->op->now);
	report->tables = json_pack("{s:o, s:o, s:o}", "運用の状況", lines, "月別",
				   month_rows(&year), "事故等", accidents);
	return TRUE;
}
