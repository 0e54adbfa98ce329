/* SPDX-License-Identifier: Apache-2.0
 * Cases, with the card as it was when the case was opened. */
#include "daemon/op/report_case.h"

#include "daemon/audit/audit_kind.h"
#include "daemon/base/error.h"
#include "daemon/op/case_kind.h"
#include "daemon/op/refusal.h"
#include "daemon/op/register.h"
#include "daemon/op/view.h"
#include "daemon/store/store_duty.h"

#define PAGE 500

typedef gboolean (*TakeCase)(Report *report, const CaseFile *file, gboolean *ret_is_done,
			     GError **error);

static gboolean each_case(Report *report, TakeCase take, GError **error)
{
	g_autofree char *after = NULL;
	gboolean is_done = FALSE;
	guint count;

	do {
		g_autoptr(GPtrArray) page =
			store_duty_case_list(report->tx, NULL, after, PAGE, error);

		if (page == NULL)
			return FALSE;
		count = page->len;
		for (guint i = 0; i < count && !is_done; i++)
			if (!take(report, page->pdata[i], &is_done, error))
				return FALSE;
		g_free(after);
		after = count > 0 ? g_strdup(((CaseFile *) page->pdata[count - 1])->id) : NULL;
	} while (count == PAGE && !is_done);
	return TRUE;
}

static gboolean is_in_time(const Report *report, const CaseFile *file)
{
	return file->opened_at >= report->begin && file->opened_at < report->end;
}

/* The newest record of the card at that moment, which carries it as it stood; NULL without one. */
static gboolean card_then(const Report *report, const CaseFile *file, json_t **ret_card,
			  GError **error)
{
	LedgerFilter filter = { .card = file->card, .limit = PAGE };
	g_autoptr(GPtrArray) rows = store_ledger_list(report->tx, &filter, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const LedgerRow *row = rows->pdata[i];
		json_t *body =
			row->entered_at <= file->opened_at ? json_loads(row->body, 0, NULL) : NULL;
		json_t *card = json_object_get(body, "card");

		if (json_object_get(card, "name") != NULL) {
			json_decref(*ret_card);
			*ret_card = json_incref(card);
		}
		json_decref(body);
	}
	return rows != NULL;
}

static const char *text_of(const json_t *card, const char *key)
{
	return json_string_value(json_object_get(card, key));
}

/* Written as it was told: a staff number becomes the person's name, any other words stay. */
static gboolean reporter(const Report *report, const CaseFile *file, char **ret_name,
			 GError **error)
{
	if (file->reported_by != NULL)
		*ret_name = view_actor(report->tx, file->reported_by, error);
	return file->reported_by == NULL || *ret_name != NULL;
}

static gboolean take_loss(Report *report, const CaseFile *file, gboolean *ret_is_done,
			  GError **error)
{
	const char *section = report->request->section;
	g_autofree char *by = NULL;
	json_t *card = NULL;
	json_t *row;

	*ret_is_done = FALSE;
	if (!case_kind_is_loss(file->kind) || !is_in_time(report, file))
		return TRUE;
	if (!reporter(report, file, &by, error) || !card_then(report, file, &card, error))
		return FALSE;
	if (section == NULL || g_strcmp0(section, text_of(card, "sectionCode")) == 0) {
		row = json_object();
		report_set(row, "number", file->id);
		report_set(row, "category", case_kind_ja(file->kind));
		report_set(row, "card", file->card);
		report_set(row, "section", text_of(card, "section"));
		report_set(row, "name", text_of(card, "name"));
		report_set_time(row, "at",
				file->occurred_at != 0 ? file->occurred_at : file->noticed_at);
		report_set_day(row, "date", file->opened_at);
		report_set(row, "by", by);
		report_set(row, "measure", file->measure != NULL ? file->measure : "（未提出）");
		report_set(row, "state",
			   file->closed_at != 0 && file->closed_at < report->end ? "完結"
										 : "処理中");
		json_array_append_new(report->rows, row);
	}
	json_decref(card);
	return TRUE;
}

gboolean report_case_losses(Report *report, GError **error)
{
	return each_case(report, take_loss, error);
}

static gboolean take_accident(Report *report, const CaseFile *file, gboolean *ret_is_done,
			      GError **error)
{
	json_t *row;

	(void) error;
	*ret_is_done = FALSE;
	if (!is_in_time(report, file))
		return TRUE;
	row = json_object();
	report_set_day(row, "issuedOn",
		       file->occurred_at != 0 ? file->occurred_at : file->noticed_at);
	report_set(row, "content", case_kind_ja(file->kind));
	report_set(row, "measure", file->measure != NULL ? file->measure : "（検討中）");
	json_array_append_new(report->rows, row);
	return TRUE;
}

json_t *report_case_accidents(Report *report, GError **error)
{
	json_t *rows = NULL;

	if (each_case(report, take_accident, error)) {
		rows = report->rows;
		report->rows = json_array();
	}
	return rows;
}

static gboolean take_step(Report *report, const LedgerRow *row, const json_t *body, gpointer data,
			  GError **error)
{
	g_autofree char *by = view_actor(report->tx, row->actor, error);
	const char *note = json_string_value(json_object_get(body, "note"));
	g_autofree char *content =
		note != NULL ? g_strdup_printf("%s（%s）", audit_kind_ja(row->kind), note)
			     : g_strdup(audit_kind_ja(row->kind));
	json_t *step = json_object();

	report_set_time(step, "at", row->at);
	report_set(step, "content", content);
	report_set(step, "owner", by);
	json_array_append_new(data, step);
	return by != NULL;
}

/* Everything recorded about the card from the report of its loss on. */
static gboolean add_steps(Report *report, const CaseFile *file, GError **error)
{
	LedgerFilter filter = { .card = file->card };
	json_t *steps = json_array();

	report->begin =
		file->noticed_at != 0 ? MIN(file->noticed_at, file->opened_at) : file->opened_at;
	report->tables = json_pack("{s:o}", "経過", steps);
	return report_ledger(report, &filter, take_step, steps, error);
}

/* T24, N30: how many seconds after the notice the card was refused. */
static gboolean set_refusal(const Report *report, const CaseFile *file, GError **error)
{
	g_autoptr(Refusal) refusal = NULL;
	g_autofree char *text = NULL;
	g_autofree char *whole = NULL;

	if (!store_refusal_of_card(report->tx, file->card, file->opened_at, &refusal, error))
		return FALSE;
	if (refusal == NULL || refusal->refused_at == 0)
		return TRUE;
	text = g_strdup_printf("認知から%" G_GINT64_FORMAT "秒後に使用不能とした",
			       refusal_seconds(refusal));
	report_set_time(report->values, "停止日時", refusal->refused_at);
	whole = file->response != NULL ? g_strdup_printf("%s（%s）", file->response, text)
				       : g_strdup(text);
	report_set(report->values, "対応", whole);
	return TRUE;
}

static gboolean take_incident(Report *report, const CaseFile *file, gboolean *ret_is_done,
			      GError **error)
{
	json_t *values = report->values;
	g_autofree char *by = NULL;
	json_t *card = NULL;

	*ret_is_done = g_strcmp0(file->id, report->request->case_id) == 0;
	if (!*ret_is_done)
		return TRUE;
	if (!reporter(report, file, &by, error) || !card_then(report, file, &card, error))
		return FALSE;
	report_set(values, "文書番号", file->id);
	report_set_day(values, "報告日", report->op->now);
	report_set(values, "事故種別", case_kind_ja(file->kind));
	report_set(values, "カード番号", file->card);
	report_set(values, "カード種別", register_kind_ja(text_of(card, "kind")));
	report_set(values, "権限種別", text_of(card, "authority"));
	report_set(values, "所属名", text_of(card, "section"));
	report_set(values, "職名", text_of(card, "title"));
	report_set(values, "氏名", text_of(card, "name"));
	report_set_time(values, "発生日時", file->occurred_at);
	report_set_time(values, "認知日時", file->noticed_at);
	report_set_time(values, "届出日時", file->opened_at);
	report_set_time(values, "停止日時", file->refused_at);
	report_set_time(values, "失効日時", file->refused_at);
	report_set(values, "届出者", by);
	report_set(values, "届出方法", file->via);
	report_set(values, "警察届出番号", file->police_report);
	report_set(values, "警察届出日", file->police_on);
	report_set(values, "内容", file->content);
	report_set(values, "規模", file->parties);
	report_set(values, "発生場所", file->place);
	report_set(values, "状況", file->note);
	report_set(values, "原因", file->cause);
	report_set(values, "対応", file->response);
	report_set(values, "その他", file->other);
	report_set(values, "再発防止期限", file->measure_due);
	report_set(values, "確認者", file->closed_by);
	report_set(values, "再発防止策", file->measure);
	report_set_day(values, "再発防止完了日", file->closed_at);
	json_decref(card);
	return set_refusal(report, file, error) && add_steps(report, file, error);
}

gboolean report_case_incident(Report *report, GError **error)
{
	const char *id = report->request->case_id;

	if (id == NULL)
		return error_set(error, ERROR_USAGE,
				 N_("which case? Name it, like C-2026-0001; `opcardctl case list` "
				    "shows them"));
	return each_case(report, take_incident, error) &&
	       (report->tables != NULL ||
		error_set(error, ERROR_NOT_FOUND, N_("there is no case %s"), id));
}
