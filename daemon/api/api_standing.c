/* SPDX-License-Identifier: Apache-2.0
 * Standing approvals to lend temporary cards. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/standing.h"

#define FIELD(name, kind, member, limit)                                                           \
	{                                                                                          \
		(name), (kind), TRUE, offsetof(StandingBody, member), 0, (limit), NULL, NULL       \
	}

typedef struct StandingBody {
	char *section;
	char *until;
	char *paper;
} StandingBody;

HttpReply *handlers_approvals(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	json_t *page;
	int limit;

	if (tx == NULL || !call_limit(call, &limit, error))
		return NULL;
	page = standing_view(tx, call_query(call, "after"), limit, error);
	return page != NULL ? reply_json(200, page) : NULL;
}

HttpReply *handlers_approval_add(Call *call, GError **error)
{
	static const JsonField fields[] = { FIELD("section", JSON_KIND_TEXT, section, 20),
					    FIELD("until", JSON_KIND_DATE, until, 0),
					    FIELD("paper", JSON_KIND_TEXT, paper, 100) };
	static const JsonTable table = JSON_TABLE(fields, StandingBody);
	StandingBody body = { 0 };
	g_autofree char *id = NULL;
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	StandingRequest request = { body.section, body.until, body.paper };

	is_done = standing_add(&call->op, &request, &id, error);
	json_clear(&table, &body);
	if (!is_done)
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return reply_json(200, json_pack("{s:s, s:o}", "id", id, "next",
					 call_text(N_("The section may lend temporary cards until "
						      "then: `opcardctl lend-temporary`."))));
}

HttpReply *handlers_approval_end(Call *call, GError **error)
{
	static const JsonTable none = { NULL, 0, sizeof(StandingBody) };
	StandingBody body = { 0 };

	if (!json_read(call->body, &none, &body, error) ||
	    !standing_end(&call->op, call->args[0], error))
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return reply_json(200, json_pack("{s:o}", "next",
					 call_text(N_("The section lends no temporary cards any "
						      "more."))));
}
