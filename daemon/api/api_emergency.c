/* SPDX-License-Identifier: Apache-2.0
 * Emergency stops by scope, and how fast cards were refused. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/refusal.h"
#include "daemon/op/suspend.h"

typedef struct EmergencyBody {
	char *action;
	char *scope;
	char *note;
	gint64 noticed_at;
} EmergencyBody;

#define FIELD(name, kind, required, member, limit)                                                 \
	{                                                                                          \
		(name), (kind), (required), offsetof(EmergencyBody, member), 0, (limit), NULL,     \
			NULL                                                                       \
	}

static const JsonField fields[] = {
	FIELD("action", JSON_KIND_TEXT, TRUE, action, 10),
	FIELD("scope", JSON_KIND_TEXT, TRUE, scope, 100),
	FIELD("note", JSON_KIND_TEXT, FALSE, note, 500),
	FIELD("noticedAt", JSON_KIND_TIME, FALSE, noticed_at, 0),
};
static const JsonTable table = JSON_TABLE(fields, EmergencyBody);

static void body_clear(EmergencyBody *body)
{
	json_clear(&table, body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EmergencyBody, body_clear)

static HttpReply *done(const EmergencyRequest *request)
{
	const char *next =
		request->is_stop
			? N_("Every card of this scope is refused now, and those issued "
			     "later are too. Two persons lift it with `opcardctl emergency "
			     "resume`; `opcardctl refusal list` tells how long it took.")
			: N_("The emergency stop of this scope is lifted.");

	return reply_json(200, json_pack("{s:o}", "next", call_text(next)));
}

static HttpReply *asked(const char *confirmation)
{
	json_t *text = call_text(N_("A second person must confirm this from the own account: "
				    "`opcardctl confirm ID`"));

	json_object_set_new(text, "confirm", json_string(confirmation));
	return reply_json(202, text);
}

static gboolean read_request(Call *call, EmergencyBody *body, EmergencyRequest *request,
			     GError **error)
{
	if (!json_read(call->body, &table, body, error))
		return FALSE;
	if (!g_str_equal(body->action, "stop") && !g_str_equal(body->action, "resume"))
		return error_set(error, ERROR_USAGE,
				 N_("action must be stop or resume, not \"%s\""), body->action);
	if (body->noticed_at > call->op.now)
		return error_set(error, ERROR_USAGE,
				 N_("the time it happened or was noticed lies in the future"));
	*request = (EmergencyRequest){ .scope = body->scope,
				       .note = body->note,
				       .noticed_at = body->noticed_at,
				       .is_stop = g_str_equal(body->action, "stop") };
	return TRUE;
}

HttpReply *handlers_emergency(Call *call, GError **error)
{
	g_auto(EmergencyBody) body = { 0 };
	g_autofree char *confirmation = NULL;
	EmergencyRequest request;
	MoveOutcome outcome;

	if (!read_request(call, &body, &request, error) ||
	    !suspend_emergency(&call->op, &request, &outcome, &confirmation, error))
		return NULL;
	if (outcome == MOVE_ASKED)
		return asked(confirmation);
	return outcome == MOVE_WOULD ? call_would(N_("allowed; nothing was changed"))
				     : done(&request);
}

HttpReply *handlers_refusals(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	json_t *page;
	int limit;

	if (tx == NULL || !call_limit(call, &limit, error))
		return NULL;
	page = refusal_view(tx, call_query(call, "after"), limit, error);
	return page != NULL ? reply_json(200, page) : NULL;
}
