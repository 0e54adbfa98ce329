/* SPDX-License-Identifier: Apache-2.0
 * One record becomes one row. */
#include "daemon/op/report_trail.h"

#include <libintl.h>

#include "daemon/audit/audit_kind.h"
#include "daemon/base/error.h"
#include "daemon/core/card.h"
#include "daemon/op/register.h"
#include "daemon/op/report_rule.h"
#include "daemon/op/view.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_person.h"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static gboolean set_person(Report *report, json_t *row, const char *key, const char *actor,
			   GError **error)
{
	g_autofree char *name = actor != NULL ? view_actor(report->tx, actor, error) : NULL;

	report_set(row, key, name);
	return actor == NULL || name != NULL;
}

typedef struct Erased {
	gint64 at;
	gboolean is_failed; /* 消去不能 */
} Erased;

static gboolean take_erased(Report *report, const LedgerRow *row, const json_t *body, gpointer data,
			    GError **error)
{
	Erased *erased = data;

	(void) report;
	(void) error;
	*erased = (Erased){ row->at, text_of(body, "note") != NULL };
	return TRUE;
}

static gboolean find_erased(Report *report, const LedgerRow *row, Erased *ret_erased,
			    GError **error)
{
	Report ever = *report;
	LedgerFilter filter = { .card = row->card, .kind = "erase" };

	ever.begin = 0;
	ever.end = row->at + 1;
	return report_ledger(&ever, &filter, take_erased, ret_erased, error);
}

static gboolean take_disposal(Report *report, const LedgerRow *row, const json_t *body,
			      gpointer data, GError **error)
{
	const json_t *card = json_object_get(body, "card");
	const char *reason = text_of(body, "note");
	Erased erased = { 0 };
	json_t *line;

	(void) data;
	if (!find_erased(report, row, &erased, error))
		return FALSE;
	line = json_object();
	json_array_append_new(report->rows, line);
	report_set_day(line, "disposedOn", row->at);
	report_set(line, "card", row->card);
	report_set(line, "kind", register_kind_ja(text_of(card, "kind")));
	report_set(line, "chipSerial", text_of(card, "chip"));
	report_set(line, "reason", reason != NULL ? reason : text_of(card, "remark"));
	report_set_day(line, "erasedOn", erased.at);
	report_set(line, "result",
		   erased.at == 0     ? "鍵なし"
		   : erased.is_failed ? "消去不能"
				      : "消去済");
	report_set(line, "evidence", text_of(body, "evidence"));
	return set_person(report, line, "by", row->actor, error) &&
	       set_person(report, line, "witness", row->second, error);
}

gboolean report_trail_disposal(Report *report, GError **error)
{
	LedgerFilter filter = { .kind = "dispose" };

	return report_ledger(report, &filter, take_disposal, NULL, error);
}

static gboolean take_operation(Report *report, const LedgerRow *row, const json_t *body,
			       gpointer data, GError **error)
{
	const json_t *card = json_object_get(body, "card");
	const char *state = text_of(card, "state");
	g_autofree char *work = NULL;
	json_t *line = json_object();
	CardState parsed;

	json_array_append_new(data, line);
	report_set_time(line, "at", row->at);
	report_set(line, "card", row->card);
	report_set(line, "section", text_of(card, "section"));
	work = text_of(body, "backEntry") != NULL
		       ? g_strdup_printf("%s（%s）", audit_kind_ja(row->kind),
					 text_of(body, "backEntry"))
		       : g_strdup(audit_kind_ja(row->kind));
	report_set(line, "work", work);
	if (state != NULL && card_state_parse(state, &parsed))
		report_set(line, "state", card_state_ja(parsed));
	return set_person(report, line, "name", row->actor, error);
}

static gboolean check_subject(Report *report, GError **error)
{
	const ReportRequest *request = report->request;
	g_autoptr(Person) person = NULL;
	g_autoptr(Card) card = NULL;
	g_autofree char *asked = NULL;

	if ((request->staff == NULL) == (request->card == NULL))
		return error_set(error, ERROR_USAGE,
				 N_("whose operations? Name a staff number or a card"));
	if (request->staff != NULL) {
		person = store_person_get(report->tx, request->staff, error);
		if (person == NULL)
			return FALSE;
		asked = g_strdup_printf("職員番号 %s　%s のカードに関する操作", person->staff,
					person->name);
		report_set(report->values, "請求者", person->name);
	} else {
		card = store_card_get(report->tx, request->card, error);
		if (card == NULL)
			return FALSE;
		asked = g_strdup_printf("カード番号 %s に関する操作", card->number);
	}
	report_set(report->values, "請求内容", asked);
	return TRUE;
}

gboolean report_trail_disclosure(Report *report, GError **error)
{
	LedgerFilter filter = { .staff = report->request->staff, .card = report->request->card };
	json_t *lines = json_array();

	report->tables = json_pack("{s:o}", "操作履歴", lines);
	report_set_day(report->values, "報告日", report->op->now);
	return check_subject(report, error) &&
	       report_ledger(report, &filter, take_operation, lines, error);
}

/* What was printed, in the words of the forms. */
static char *what_of(const json_t *body)
{
	const char *list = text_of(body, "list");
	const char *as_of = text_of(body, "asOf");
	const char *section = text_of(body, "section");
	json_int_t form = json_integer_value(json_object_get(body, "form"));
	g_autofree char *what = list != NULL ? g_strdup(report_list_ja(list))
					     : g_strdup_printf("様式第%d号", (int) form);

	return g_strdup_printf("%s%s%s%s%s%s", what,
			       json_is_true(json_object_get(body, "blank")) ? "（白紙）" : "",
			       as_of != NULL ? "　基準日 " : "", as_of != NULL ? as_of : "",
			       section != NULL ? "　所属 " : "", section != NULL ? section : "");
}

static gboolean take_print(Report *report, const LedgerRow *row, const json_t *body, gpointer data,
			   GError **error)
{
	g_autofree char *what = what_of(body);
	const json_t *pages = json_object_get(body, "pages");
	const char *format = text_of(body, "format");
	g_autofree char *count = json_is_integer(pages)
					 ? g_strdup_printf("%d", (int) json_integer_value(pages))
					 : NULL;
	json_t *line = json_object();

	json_array_append_new(report->rows, line);
	report_set_time(line, "at", row->at);
	report_set(line, "content", what);
	report_set(line, "count", count);
	report_set(line, "method",
		   text_of(body, "printer") != NULL ? text_of(body, "printer")
		   : format != NULL                 ? format
						    : "pdf");
	report_set(line, "result", data);
	report_set(line, "note", text_of(body, "why"));
	return set_person(report, line, "by", row->actor, error);
}

static int compare_times(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(text_of(*(json_t *const *) a, "at"), text_of(*(json_t *const *) b, "at"));
}

/* Two kinds of records, read one after the other. */
static void sort_rows(Report *report)
{
	g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func((GDestroyNotify) json_decref);
	json_t *line;
	size_t i;

	json_array_foreach(report->rows, i, line) g_ptr_array_add(order, json_incref(line));
	g_ptr_array_sort(order, compare_times);
	json_array_clear(report->rows);
	for (i = 0; i < order->len; i++)
		json_array_append(report->rows, order->pdata[i]);
}

gboolean report_trail_prints(Report *report, GError **error)
{
	LedgerFilter done = { .kind = "print" }, failed = { .kind = "print-failed" };

	if (!report_ledger(report, &done, take_print, (gpointer) "済", error) ||
	    !report_ledger(report, &failed, take_print, (gpointer) "失敗", error))
		return FALSE;
	sort_rows(report);
	return TRUE;
}

static json_t *add_item(Report *report, const char *category, const char *item)
{
	json_t *line = json_object();

	json_array_append_new(report->rows, line);
	report_set(line, "category", category);
	report_set(line, "item", item);
	return line;
}

static void add_programs(Report *report)
{
	static const char *const programs[] = { "opcardd", "opcardctl", "opcard-card",
						"opcard-form" };

	for (gsize i = 0; i < G_N_ELEMENTS(programs); i++)
		report_set(add_item(report, "プログラム", programs[i]), "version", OPCARD_VERSION);
}

static void add_readers(Report *report)
{
	const Config *config = report->op->house->config;
	g_auto(GStrv) readers = g_strsplit(config_text(config, CONFIG_READERS), ",", -1);

	for (guint i = 0; readers[i] != NULL; i++)
		if (*g_strstrip(readers[i]) != '\0')
			report_set(add_item(report, "カードリーダ", readers[i]), "model",
				   config_text(config, CONFIG_FAMILY));
}

static void add_ca(Report *report)
{
	g_autoptr(GError) none = NULL;
	Issuer *issuer = op_issuer(report->op, &none);
	json_t *line;

	if (issuer == NULL)
		return;
	line = add_item(report, "認証局",
			config_text(report->op->house->config, CONFIG_CA_SUBJECT));
	report_set_day(line, "installedOn", issuer_not_before(issuer));
	report_set_day(line, "modifiedOn", issuer_not_after(issuer));
	report_set(line, "content", "有効期間の満了日");
	issuer_free(issuer);
}

gboolean report_trail_configuration(Report *report, GError **error)
{
	gint64 counts[_CARD_STATE_MAX] = { 0 };

	if (!store_card_count(report->tx, counts, error))
		return FALSE;
	add_programs(report);
	add_readers(report);
	add_ca(report);
	for (int state = 0; state < _CARD_STATE_MAX; state++) {
		g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT " 枚", counts[state]);

		if (counts[state] > 0)
			report_set(add_item(report, "カード", card_state_ja((CardState) state)),
				   "content", count);
	}
	return report_rule_changes(report, error);
}
