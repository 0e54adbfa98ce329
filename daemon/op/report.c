/* SPDX-License-Identifier: Apache-2.0
 * The table of reports, and what all of them have: the day, the office, who asked. */
#include "daemon/op/report.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/register.h"
#include "daemon/op/report_apply.h"
#include "daemon/op/report_card.h"
#include "daemon/op/report_case.h"
#include "daemon/op/report_rule.h"
#include "daemon/op/report_trail.h"
#include "daemon/op/report_year.h"
#include "daemon/op/trail_report.h"
#include "daemon/store/store_person.h"

#define FIRST_DAY  "0001-01-01"
#define FIRST_YEAR 1990
#define LAST_YEAR  2999
#define PAGE       500
#define ALL        (AUDIT | ROLE_SET(ROLE_SECTION_MANAGER))
#define AUDIT                                                                                      \
	(ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF) |           \
	 ROLE_SET(ROLE_AUDITOR) | ROLE_SET(ROLE_ROOT))

typedef gboolean (*ReportMaker)(Report *report, GError **error);

/* clang-format off */
static const struct {
	const char *name;
	const char *ja;
	int form;         /* of the regulation, or 0 and a name in lists/ */
	const char *list;
	RoleSet roles;
	ReportMaker make; /* NULL: register.h */
} reports[] = {
	{ "issue", "発行簿",         3, NULL,            ALL,   NULL },
	{ "card", "管理簿",          5, NULL,            ALL,   NULL },
	{ "applications", "申請一覧", 0, "applications", ALL, report_apply_list },
	{ "uncollected", "未回収一覧",   0, "uncollected",   ALL,   report_card_uncollected },
	{ "leavers", "カード未返納の退職者等一覧", 0, "leavers", AUDIT, report_card_leavers },
	{ "card-check", "カードチェック結果",    0, "card-check",    ALL,   report_card_check },
	{ "disposal", "廃棄記録",      0, "disposal",      AUDIT, report_trail_disposal },
	{ "losses", "紛失・盗難一覧",        0, "losses",        ALL,   report_case_losses },
	{ "incident", "紛失・盗難報告書",      0, "incident",      AUDIT, report_case_incident },
	{ "configuration", "構成管理簿", 0, "configuration", AUDIT, report_trail_configuration },
	{ "disclosure", "操作履歴開示書",    0, "disclosure",    AUDIT, report_trail_disclosure },
	{ "print-log", "出力記録",     0, "print-log",     AUDIT, report_trail_prints },
	{ "exceptions", "例外一覧",  0, "exceptions",    AUDIT, report_rule_exceptions },
	{ "findings", "指摘一覧",    0, "findings",      AUDIT, report_rule_findings },
	{ "works", "作業記録",       0, "works",         AUDIT, report_rule_works },
	{ "annual-audit", "内部監査報告書", 0, "annual-audit", AUDIT, report_year_audit },
	{ "operation-analysis", "操作履歴解析結果", 0, "operation-analysis", AUDIT, trail_report_make },
	{ "annual-report", "運用状況報告書", 0, "annual-report", AUDIT, report_year_operation },
};
/* clang-format on */

static int find(const char *name)
{
	for (int i = 0; i < (int) G_N_ELEMENTS(reports); i++)
		if (g_str_equal(reports[i].name, name))
			return i;
	return -1;
}

gboolean report_form(const char *name, int *ret_form, const char **ret_list)
{
	int i = find(name);

	if (i < 0)
		return FALSE;
	*ret_form = reports[i].form;
	*ret_list = reports[i].list;
	return TRUE;
}

const char *report_list_ja(const char *list)
{
	for (gsize i = 0; i < G_N_ELEMENTS(reports); i++)
		if (g_strcmp0(reports[i].list, list) == 0)
			return reports[i].ja;
	if (g_str_equal(list, "pin-due"))
		return "パスワード変更期限一覧";
	return g_str_equal(list, "pin-overdue") ? "パスワード変更期限超過者一覧" : list;
}

RoleSet report_roles(const char *name)
{
	int i = find(name);

	return i < 0 ? 0 : reports[i].roles;
}

char *report_names(void)
{
	GString *names = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(reports); i++)
		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", reports[i].name);
	return g_string_free(names, FALSE);
}

void report_set(json_t *row, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		json_object_set_new(row, key, json_string(text));
}

void report_set_day(json_t *row, const char *key, gint64 at)
{
	g_autofree char *day = at != 0 ? clock_date(at) : NULL;

	report_set(row, key, day);
}

void report_set_time(json_t *row, const char *key, gint64 at)
{
	g_autofree char *time = at != 0 ? clock_time(at) : NULL;

	report_set(row, key, time);
}

static gboolean take_year(Report *report, const char *today, GError **error)
{
	const char *text = report->request->fiscal_year;
	guint64 year;

	if (!g_ascii_string_to_unsigned(text, 10, FIRST_YEAR, LAST_YEAR, &year, NULL))
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no fiscal year; write the year it begins in, like "
				    "2026"),
				 text);
	report->from = g_strdup_printf("%d-04-01", (int) year);
	report->until = g_strdup_printf("%d-03-31", (int) year + 1);
	if (strcmp(report->from, today) > 0)
		return error_set(error, ERROR_USAGE, N_("the fiscal year %s has not begun yet"),
				 text);
	if (strcmp(report->until, today) > 0) {
		g_free(report->until);
		report->until = g_strdup(today);
	}
	return TRUE;
}

static gboolean take_day(Report *report, const char *today, GError **error)
{
	const char *day = report->request->as_of;

	if (day == NULL)
		return TRUE;
	if (!clock_is_date(day))
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no day of the calendar; write it like 2026-04-01"),
				 day);
	if (strcmp(day, today) > 0)
		return error_set(error, ERROR_USAGE,
				 N_("%s lies in the future; a register is known up to today, %s"),
				 day, today);
	if (strcmp(day, report->from) < 0)
		return error_set(error, ERROR_USAGE, N_("%s lies before the fiscal year %s"), day,
				 report->request->fiscal_year);
	g_free(report->until);
	report->until = g_strdup(day);
	return TRUE;
}

static gboolean check_section(const Report *report, GError **error)
{
	g_autoptr(Section) section = NULL;

	if (report->request->section == NULL)
		return TRUE;
	section = store_person_section(report->tx, report->request->section, error);
	return section != NULL;
}

static gboolean open_report(Report *report, GError **error)
{
	g_autofree char *today = clock_date(report->op->now);
	g_autofree char *next = NULL;

	if (report->request->fiscal_year != NULL) {
		if (!take_year(report, today, error))
			return FALSE;
	} else {
		report->from = g_strdup(FIRST_DAY);
		report->until = g_strdup(today);
	}
	if (!take_day(report, today, error) || !check_section(report, error))
		return FALSE;
	next = clock_add_days(report->until, 1);
	report->begin = report->request->fiscal_year != NULL ? clock_day_start(report->from) : 0;
	report->end = clock_day_start(next);
	report->rows = json_array();
	report->values = json_object();
	return TRUE;
}

static void close_report(Report *report)
{
	g_free(report->from);
	g_free(report->until);
	json_decref(report->values);
	json_decref(report->rows);
	json_decref(report->tables);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Report, close_report)

/* The issue register of a year begins with the year; the card register has no beginning. */
static json_t *make_register(const Report *report, int form, GError **error)
{
	RegisterRequest request = { report->until, report->request->section };
	json_t *data = form == 3 ? register_issue(report->tx, report->op, &request, error)
				 : register_card(report->tx, report->op, &request, error);
	json_t *rows = json_object_get(data, "rows");

	for (size_t i = json_array_size(rows); form == 3 && i > 0; i--) {
		json_t *day = json_object_get(json_array_get(rows, i - 1), "issuedOn");

		if (g_strcmp0(json_string_value(day), report->from) < 0)
			json_array_remove(rows, i - 1);
	}
	return data;
}

static void fill_values(const Report *report)
{
	const Op *op = report->op;
	g_autofree char *period = g_strdup_printf("%s から %s まで", report->from, report->until);

	report_set(report->values, "団体名", config_text(op->house->config, CONFIG_ORGANISATION));
	report_set_time(report->values, "出力日時", op->now);
	report_set_time(report->values, "作成日時", op->now);
	report_set(report->values, "出力者",
		   op->actor->name != NULL ? op->actor->name : op->actor->id);
	report_set(report->values, "基準日", report->until);
	if (report->request->fiscal_year != NULL)
		report_set(report->values, "対象期間", period);
}

json_t *report_make(StoreTx *tx, const Op *op, const ReportRequest *request, GError **error)
{
	g_auto(Report) report = { .tx = tx, .op = op, .request = request };
	g_autofree char *names = report_names();
	int i = find(request->name);
	json_t *data;

	if (i < 0) {
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no register \"%s\"; registers are %s"), request->name,
			  names);
		return NULL;
	}
	if (!open_report(&report, error))
		return NULL;
	if (reports[i].make == NULL)
		return make_register(&report, reports[i].form, error);
	if (!reports[i].make(&report, error))
		return NULL;
	fill_values(&report);
	data = json_pack("{s:O, s:O}", "values", report.values, "rows", report.rows);
	if (report.tables != NULL)
		json_object_set(data, "tables", report.tables);
	return data;
}

static gboolean take_rows(Report *report, const GPtrArray *rows, ReportTake take, gpointer data,
			  GError **error)
{
	for (guint i = 0; i < rows->len; i++) {
		const LedgerRow *row = rows->pdata[i];
		json_t *body;
		gboolean is_taken;

		if (row->at < report->begin || row->at >= report->end)
			continue;
		body = json_loads(row->body, 0, NULL);
		is_taken = take(report, row, body, data, error);
		json_decref(body);
		if (!is_taken)
			return FALSE;
	}
	return TRUE;
}

gboolean report_ledger(Report *report, const LedgerFilter *filter, ReportTake take, gpointer data,
		       GError **error)
{
	LedgerFilter page = *filter;
	guint count;

	page.limit = PAGE;
	do {
		g_autoptr(GPtrArray) rows = store_ledger_list(report->tx, &page, error);

		if (rows == NULL || !take_rows(report, rows, take, data, error))
			return FALSE;
		count = rows->len;
		if (count > 0)
			page.after = ((const LedgerRow *) rows->pdata[count - 1])->seq;
	} while (count == PAGE);
	return TRUE;
}
