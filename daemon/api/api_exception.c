/* SPDX-License-Identifier: Apache-2.0
 * The register of exceptions (N81). */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/exception.h"
#include "daemon/op/view_rule.h"

typedef struct ExceptionBody {
	char *kind;
	char *subject;
	char *content;
	char *reason;
	char *until;
	char *note;
} ExceptionBody;

#define FIELD(name, kind, required, member, limit)                                                 \
	{                                                                                          \
		(name), (kind), (required), offsetof(ExceptionBody, member), 0, (limit), NULL,     \
			NULL                                                                       \
	}

HttpReply *handlers_exceptions(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	gboolean is_open = g_strcmp0(call_query(call, "open"), "true") == 0;
	json_t *page = tx != NULL ? view_rule_exceptions(tx, &call->op, is_open,
							 call_query(call, "after"), error)
				  : NULL;

	return page != NULL ? reply_json(200, page) : NULL;
}

HttpReply *handlers_exception(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(Exception) row =
		tx != NULL ? store_exception_get(tx, call->args[0], error) : NULL;

	return row != NULL ? reply_json(200, view_rule_exception(&call->op, row)) : NULL;
}

static HttpReply *after(Call *call, const char *id, const char *next, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(Exception) row = tx != NULL ? store_exception_get(tx, id, error) : NULL;

	if (row == NULL)
		return NULL;
	return reply_json(200,
			  json_pack("{s:s, s:o, s:o}", "id", id, "exception",
				    view_rule_exception(&call->op, row), "next", call_text(next)));
}

static gboolean open_one(Call *call, const ExceptionBody *body, char **ret_id, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(call->api->house->store, STORE_NORMAL, error);
	ExceptionFacts facts = { .kind = body->kind,
				 .subject = body->subject,
				 .content = body->content,
				 .reason = body->reason,
				 .until = body->until };

	return tx != NULL && exception_open(tx, &call->op, &facts, ret_id, error) &&
	       (call->op.is_dry_run || store_tx_commit(&tx, error));
}

HttpReply *handlers_exception_open(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("kind", JSON_KIND_TEXT, TRUE, kind, 20),
		FIELD("subject", JSON_KIND_TEXT, TRUE, subject, 100),
		FIELD("content", JSON_KIND_TEXT, TRUE, content, 500),
		FIELD("reason", JSON_KIND_TEXT, TRUE, reason, 500),
		FIELD("until", JSON_KIND_DATE, TRUE, until, 0),
	};
	static const JsonTable table = JSON_TABLE(fields, ExceptionBody);
	ExceptionBody body = { NULL };
	g_autofree char *id = NULL;
	gboolean is_open;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	is_open = open_one(call, &body, &id, error);
	json_clear(&table, &body);
	if (!is_open)
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return after(call, id,
		     N_("The chief approves it with `opcardctl exception approve ID`; it ends by "
			"itself after its last day."),
		     error);
}

static HttpReply *act(Call *call, ExceptionAct what, const char *next, GError **error)
{
	static const JsonField fields[] = {
		FIELD("note", JSON_KIND_TEXT, FALSE, note, 500),
	};
	static const JsonTable table = JSON_TABLE(fields, ExceptionBody);
	ExceptionBody body = { NULL };
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	is_done = exception_act(&call->op, call->args[0], what, body.note, error);
	json_clear(&table, &body);
	if (!is_done)
		return NULL;
	return call->op.is_dry_run ? call_would(N_("allowed; nothing was changed"))
				   : after(call, call->args[0], next, error);
}

HttpReply *handlers_exception_approve(Call *call, GError **error)
{
	return act(call, EXCEPTION_APPROVE, N_("The exception is approved."), error);
}

HttpReply *handlers_exception_review(Call *call, GError **error)
{
	return act(call, EXCEPTION_REVIEW, N_("The review is recorded."), error);
}

HttpReply *handlers_exception_end(Call *call, GError **error)
{
	return act(call, EXCEPTION_END, N_("The exception is over; it covers nothing any more."),
		   error);
}
