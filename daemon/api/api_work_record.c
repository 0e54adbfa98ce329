/* SPDX-License-Identifier: Apache-2.0
 * Work records (N56–N58) and yearly tasks (T33, K02). */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/view_rule.h"
#include "daemon/op/yearly_task.h"

typedef struct WorkBody {
	char *note;
	char *despite;
	char *reference;
	char *done_on;
	char *fiscal_year;
} WorkBody;

#define FIELD(name, kind, required, member, limit)                                                 \
	{                                                                                          \
		(name), (kind), (required), offsetof(WorkBody, member), 0, (limit), NULL, NULL     \
	}
#define NOTE FIELD("note", JSON_KIND_TEXT, FALSE, note, 500)

HttpReply *handlers_works(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	gboolean is_waiting = g_strcmp0(call_query(call, "waiting"), "true") == 0;
	json_t *page = tx != NULL
			       ? view_rule_works(tx, is_waiting, call_query(call, "after"), error)
			       : NULL;

	return page != NULL ? reply_json(200, page) : NULL;
}

HttpReply *handlers_work(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(WorkRow) row = tx != NULL ? store_work_get(tx, call->args[0], error) : NULL;

	return row != NULL ? reply_json(200, view_rule_work(row)) : NULL;
}

static HttpReply *after(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(WorkRow) row = tx != NULL ? store_work_get(tx, call->args[0], error) : NULL;

	if (row == NULL)
		return NULL;
	return reply_json(
		200,
		json_pack("{s:s, s:o, s:o}", "id", row->id, "work", view_rule_work(row), "next",
			  call_text(row->confirmed_at != 0
					    ? N_("The work record is complete.")
					    : N_("A second person confirms it from the own "
						 "account with `opcardctl work confirm "
						 "ID`."))));
}

HttpReply *handlers_work_confirm(Call *call, GError **error)
{
	static const JsonField fields[] = {
		NOTE,
		FIELD("despite", JSON_KIND_TEXT, FALSE, despite, 500),
	};
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	WorkBody body = { NULL };
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	WorkConfirm confirm = { .note = body.note, .despite = body.despite };

	is_done = work_record_confirm(&call->op, call->args[0], &confirm, error);
	json_clear(&table, &body);
	if (!is_done)
		return NULL;
	return call->op.is_dry_run ? call_would(N_("allowed; nothing was changed"))
				   : after(call, error);
}

/* 0 for NULL. */
static gboolean read_year(const char *text, int *ret_year, GError **error)
{
	guint64 year = 0;

	if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1990, 2999, &year, NULL))
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no fiscal year; write the year it begins in, like "
				    "2026"),
				 text);
	*ret_year = (int) year;
	return TRUE;
}

HttpReply *handlers_yearly(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	json_t *page;
	int year;

	if (!read_year(call_query(call, "fiscalYear"), &year, error))
		return NULL;
	tx = store_tx_read(call->api->house->store, error);
	page = tx != NULL ? yearly_task_view(tx, &call->op, year, error) : NULL;
	return page != NULL ? reply_json(200, page) : NULL;
}

static gboolean record_done(Call *call, const WorkBody *body, GError **error)
{
	YearlyFacts facts = { .kind = call->args[0],
			      .done_on = body->done_on,
			      .reference = body->reference,
			      .note = body->note };

	return read_year(body->fiscal_year, &facts.fiscal_year, error) &&
	       yearly_task_done(&call->op, &facts, error);
}

HttpReply *handlers_yearly_done(Call *call, GError **error)
{
	static const JsonField fields[] = {
		NOTE,
		FIELD("reference", JSON_KIND_TEXT, TRUE, reference, 100),
		FIELD("doneOn", JSON_KIND_DATE, FALSE, done_on, 0),
		FIELD("fiscalYear", JSON_KIND_TEXT, FALSE, fiscal_year, 4),
	};
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	WorkBody body = { NULL };
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	is_done = record_done(call, &body, error);
	json_clear(&table, &body);
	if (!is_done)
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return reply_json(
		200, json_pack("{s:o}", "next", call_text(N_("Recorded for the fiscal year."))));
}
