/* SPDX-License-Identifier: Apache-2.0
 * The registers of the rules' own records, as they stood on the report's last day. */
#include "daemon/op/report_rule.h"

#include <string.h>

#include "daemon/op/exception.h"
#include "daemon/op/finding.h"
#include "daemon/op/view.h"
#include "daemon/op/work_record.h"

#define PAGE 500

static gboolean set_person(Report *report, json_t *row, const char *key, const char *actor,
			   GError **error)
{
	g_autofree char *name = actor != NULL ? view_actor(report->tx, actor, error) : NULL;

	report_set(row, key, name);
	return actor == NULL || name != NULL;
}

/* TRUE for what had happened by the report's last day. */
static gboolean was(const Report *report, gint64 at)
{
	return at != 0 && at < report->end;
}

/* What was open at some time between the report's days. */
static gboolean is_in(const Report *report, gint64 opened_at, gint64 ended_at)
{
	return opened_at < report->end && (ended_at == 0 || ended_at >= report->begin);
}

static json_t *add_row(json_t *rows, const char *number, const char *category, gint64 at)
{
	json_t *line = json_object();

	json_array_append_new(rows, line);
	report_set(line, "number", number);
	report_set(line, "category", category);
	report_set_day(line, "date", at);
	return line;
}

static const char *exception_state_on(const Report *report, const Exception *row)
{
	if (was(report, row->ended_at))
		return "終了";
	if (strcmp(row->until, report->until) < 0)
		return "期限到来";
	if (was(report, row->approved_at))
		return "承認済";
	return g_str_equal(exception_state(report->op, row), "waiting") ? "承認待ち"
									: "事後承認待ち";
}

static gboolean take_exception(Report *report, const Exception *row, GError **error)
{
	json_t *line;

	if (!is_in(report, row->opened_at, row->ended_at))
		return TRUE;
	line = add_row(report->rows, row->id, exception_ja(row->kind), row->opened_at);
	report_set(line, "owner", row->subject);
	report_set(line, "content", row->content);
	report_set(line, "reason", row->reason);
	report_set(line, "due", row->until);
	report_set(line, "state", exception_state_on(report, row));
	return set_person(report, line, "by", row->opened_by, error) &&
	       (!was(report, row->approved_at) ||
		set_person(report, line, "checkedBy", row->approved_by, error));
}

gboolean report_rule_exceptions(Report *report, GError **error)
{
	g_autoptr(GPtrArray) rows = store_exception_list(report->tx, FALSE, NULL, -1, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++)
		if (!take_exception(report, rows->pdata[i], error))
			return FALSE;
	return rows != NULL;
}

static const char *finding_state_on(const Report *report, const AuditFinding *row)
{
	if (was(report, row->closed_at))
		return "完結";
	if (strcmp(row->due, report->until) < 0)
		return "期限超過";
	return was(report, row->answered_at) ? "回答済" : "対応中";
}

static gboolean take_finding(Report *report, json_t *rows, const AuditFinding *row, GError **error)
{
	json_t *line;

	if (!is_in(report, row->opened_at, row->closed_at))
		return TRUE;
	line = add_row(rows, row->id, finding_source_ja(row->source), row->opened_at);
	report_set(line, "content", row->content);
	report_set(line, "owner", row->owner);
	report_set(line, "due", row->due);
	report_set(line, "state", finding_state_on(report, row));
	if (was(report, row->answered_at))
		report_set(line, "measure", row->measure);
	return !was(report, row->closed_at) ||
	       set_person(report, line, "checkedBy", row->closed_by, error);
}

static gboolean take_findings(Report *report, json_t *into, GError **error)
{
	g_autoptr(GPtrArray) rows = store_finding_list(report->tx, NULL, -1, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++)
		if (!take_finding(report, into, rows->pdata[i], error))
			return FALSE;
	return rows != NULL;
}

gboolean report_rule_findings(Report *report, GError **error)
{
	return take_findings(report, report->rows, error);
}

json_t *report_rule_finding_rows(Report *report, GError **error)
{
	json_t *rows = json_array();

	if (!take_findings(report, rows, error)) {
		json_decref(rows);
		return NULL;
	}
	if (json_array_size(rows) == 0)
		json_array_append_new(rows, json_pack("{s:s}", "content", "指摘なし"));
	return rows;
}

static char *text_of(const json_t *value)
{
	if (json_is_integer(value))
		return g_strdup_printf("%" G_GINT64_FORMAT, (gint64) json_integer_value(value));
	return g_strdup(json_is_string(value) ? json_string_value(value) : "なし");
}

/* "指定 12 → 14": what there was before and after, member by member. */
static char *changes_of(const WorkRow *row)
{
	GString *text = g_string_new(NULL);
	json_t *before = json_loads(row->before, 0, NULL);
	json_t *after = json_loads(row->after, 0, NULL);
	json_t *value;
	const char *key;

	json_object_foreach(after, key, value)
	{
		json_t *old = json_object_get(before, key);
		g_autofree char *from = old != NULL ? text_of(old) : g_strdup("");
		g_autofree char *to = text_of(value);

		if (!g_str_equal(key, "digest"))
			g_string_append_printf(text, "%s%s %s%s%s", text->len > 0 ? "、" : "", key,
					       from, *from != '\0' ? " → " : "", to);
	}
	json_decref(before);
	json_decref(after);
	return g_string_free(text, FALSE);
}

static const char *work_state_on(const Report *report, const WorkRow *row)
{
	if (was(report, row->confirmed_at))
		return "確認済";
	return row->needs_second ? "確認待ち" : "記録";
}

static gboolean take_work(Report *report, const WorkRow *row, GError **error)
{
	g_autofree char *changes = changes_of(row);
	json_t *line;

	if (row->opened_at < report->begin || row->opened_at >= report->end)
		return TRUE;
	line = add_row(report->rows, row->id, work_record_ja(row->kind), row->opened_at);
	report_set_time(line, "at", row->opened_at);
	report_set(line, "content", row->content);
	report_set(line, "measure", changes);
	report_set(line, "result", row->result);
	report_set(line, "state", work_state_on(report, row));
	return set_person(report, line, "by", row->done_by != NULL ? row->done_by : row->opened_by,
			  error) &&
	       (!was(report, row->confirmed_at) ||
		set_person(report, line, "checkedBy", row->confirmed_by, error));
}

typedef gboolean (*TakeWork)(Report *report, const WorkRow *row, GError **error);

static gboolean take_works(Report *report, TakeWork take, GError **error)
{
	g_autofree char *after = NULL;
	guint count = PAGE;

	while (count == PAGE) {
		g_autoptr(GPtrArray) rows = store_work_list(report->tx, FALSE, after, PAGE, error);

		if (rows == NULL)
			return FALSE;
		for (guint i = 0; i < rows->len; i++)
			if (!take(report, rows->pdata[i], error))
				return FALSE;
		count = rows->len;
		g_free(after);
		after = count > 0 ? g_strdup(((const WorkRow *) rows->pdata[count - 1])->id) : NULL;
	}
	return TRUE;
}

gboolean report_rule_works(Report *report, GError **error)
{
	return take_works(report, take_work, error);
}

/* 構成管理簿: one row a key. */
static gboolean take_change(Report *report, const WorkRow *row, GError **error)
{
	json_t *before, *after, *value;
	const char *key;
	gboolean is_good = TRUE;

	if ((!g_str_equal(row->kind, "configuration") && !g_str_equal(row->kind, "version")) ||
	    row->opened_at >= report->end)
		return TRUE;
	before = json_loads(row->before, 0, NULL);
	after = json_loads(row->after, 0, NULL);
	json_object_foreach(after, key, value)
	{
		const char *old = json_string_value(json_object_get(before, key));
		const char *new = json_string_value(value);
		g_autofree char *content =
			g_strdup_printf("%s → %s（%s）", old != NULL ? old : "なし",
					new != NULL ? new : "なし", row->id);
		json_t *line;

		if (g_str_equal(key, "digest"))
			continue;
		line = add_row(report->rows, row->id, work_record_ja(row->kind), 0);
		report_set(line, "item", key);
		report_set_day(line, "modifiedOn", row->opened_at);
		report_set(line, "content", content);
		is_good = is_good && set_person(report, line, "owner", row->done_by, error);
	}
	json_decref(before);
	json_decref(after);
	return is_good;
}

gboolean report_rule_changes(Report *report, GError **error)
{
	return take_works(report, take_change, error);
}
