/* SPDX-License-Identifier: Apache-2.0
 * Findings of audits (N84), and the orders behind 職権停止 (N82). */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/finding.h"
#include "daemon/op/view_rule.h"

typedef struct FindingBody {
	char *source;
	char *reference;
	char *content;
	char *owner;
	char *due;
	char *measure;
	char *note;
} FindingBody;

#define FIELD(name, kind, required, member, limit)                                                 \
	{                                                                                          \
		(name), (kind), (required), offsetof(FindingBody, member), 0, (limit), NULL, NULL  \
	}

static HttpReply *reply(json_t *value)
{
	return value != NULL ? reply_json(200, value) : NULL;
}

HttpReply *handlers_findings(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);

	return tx != NULL
		       ? reply(view_rule_findings(tx, &call->op, call_query(call, "after"), error))
		       : NULL;
}

HttpReply *handlers_orders(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);

	return tx != NULL ? reply(view_rule_orders(tx, call_query(call, "after"), error)) : NULL;
}

HttpReply *handlers_finding(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(AuditFinding) row =
		tx != NULL ? store_finding_get(tx, call->args[0], error) : NULL;

	return row != NULL ? reply(view_rule_finding(&call->op, row)) : NULL;
}

static HttpReply *after(Call *call, const char *id, const char *next, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(AuditFinding) row = NULL;

	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	tx = store_tx_read(call->api->house->store, error);
	row = tx != NULL ? store_finding_get(tx, id, error) : NULL;
	if (row == NULL)
		return NULL;
	return reply_json(200,
			  json_pack("{s:s, s:o, s:o}", "id", id, "finding",
				    view_rule_finding(&call->op, row), "next", call_text(next)));
}

HttpReply *handlers_finding_open(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("source", JSON_KIND_TEXT, TRUE, source, 20),
		FIELD("reference", JSON_KIND_TEXT, TRUE, reference, 100),
		FIELD("content", JSON_KIND_TEXT, TRUE, content, 500),
		FIELD("owner", JSON_KIND_TEXT, TRUE, owner, 100),
		FIELD("due", JSON_KIND_DATE, TRUE, due, 0),
	};
	static const JsonTable table = JSON_TABLE(fields, FindingBody);
	FindingBody body = { NULL };
	g_autofree char *id = NULL;
	gboolean is_open;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	FindingFacts facts = { .source = body.source,
			       .reference = body.reference,
			       .content = body.content,
			       .owner = body.owner,
			       .due = body.due };

	is_open = finding_open(&call->op, &facts, &id, error);
	json_clear(&table, &body);
	return is_open ? after(call, id,
			       N_("The owner answers it with `opcardctl finding answer ID`."),
			       error)
		       : NULL;
}

HttpReply *handlers_finding_answer(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("measure", JSON_KIND_TEXT, TRUE, measure, 500),
	};
	static const JsonTable table = JSON_TABLE(fields, FindingBody);
	FindingBody body = { NULL };
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	is_done = finding_answer(&call->op, call->args[0], body.measure, error);
	json_clear(&table, &body);
	return is_done ? after(call, call->args[0],
			       N_("An auditor closes it with `opcardctl finding close ID`."), error)
		       : NULL;
}

HttpReply *handlers_finding_close(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("note", JSON_KIND_TEXT, FALSE, note, 500),
	};
	static const JsonTable table = JSON_TABLE(fields, FindingBody);
	FindingBody body = { NULL };
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	is_done = finding_close(&call->op, call->args[0], body.note, error);
	json_clear(&table, &body);
	return is_done ? after(call, call->args[0], N_("The finding is closed."), error) : NULL;
}
