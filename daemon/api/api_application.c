/* SPDX-License-Identifier: Apache-2.0
 * Applications: written, taken in on paper, decided, carried out, and what waits for whom. */
#include <string.h>

#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/api/route.h"
#include "daemon/base/error.h"
#include "daemon/op/apply_decide.h"
#include "daemon/op/apply_execute.h"
#include "daemon/op/apply_new.h"
#include "daemon/op/inbox.h"
#include "daemon/op/view_application.h"

#define FIELD(name, kind, member, limit)                                                           \
	{                                                                                          \
		(name), (kind), FALSE, offsetof(ApplyRequest, member), 0, (limit), NULL, NULL      \
	}
#define TEXT(name, member, limit) FIELD(name, JSON_KIND_TEXT, member, limit)

/* Days are read by the duty, so that what is no day of the calendar is refused on record (N72). */
static const JsonField apply_fields[] = {
	FIELD("form", JSON_KIND_INT, form, G_MAXINT32),
	TEXT("section", section, 20),
	TEXT("from", from, 40),
	TEXT("file", file, 300),
	{ "rows", JSON_KIND_OBJECTS, FALSE, offsetof(ApplyRequest, rows), 0, DESIGNATE_MAX + 1,
	  NULL, &handlers_designation_row },
	FIELD("current", JSON_KIND_BOOL, is_current, 0),
	TEXT("card", card, 80),
	TEXT("reason", reason, 1000),
	TEXT("paper", paper, 1000),
	TEXT("signedBy", signed_by, 20),
	TEXT("signedOn", signed_on, 40),
	TEXT("scan", scan, 100),
};
static const JsonTable apply_table = JSON_TABLE(apply_fields, ApplyRequest);

typedef struct DecisionBody {
	char *note;
} DecisionBody;

static const JsonField decision_fields[] = {
	{ "note", JSON_KIND_TEXT, FALSE, offsetof(DecisionBody, note), 0, 500, NULL, NULL },
};
static const JsonTable decision_table = JSON_TABLE(decision_fields, DecisionBody);

static HttpReply *answer(Call *call, const char *id, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(Application) row = tx != NULL ? store_application_get(tx, id, error) : NULL;
	json_t *view = row != NULL ? view_application(tx, &call->op, row, error) : NULL;

	return view != NULL ? reply_json(200, json_pack("{s:o}", "application", view)) : NULL;
}

/* What came of a change: the bad rows of a refused one, or the application as it is now. */
static HttpReply *finish(Call *call, gboolean is_done, const char *id, const ImportResult *result,
			 GError **error)
{
	if (!is_done && result->lines != NULL)
		call->extra = json_pack("{s:O}", "lines", result->lines);
	if (!is_done)
		return NULL;
	return call->op.is_dry_run ? call_would(N_("allowed; nothing was changed"))
				   : answer(call, id, error);
}

typedef gboolean (*ApplyRun)(Op *op, const ApplyRequest *request, ImportResult *result,
			     char **ret_id, GError **error);

static gboolean read_card(Call *call, ApplyRequest *request, GError **error)
{
	char *card;

	if (request->card == NULL)
		return TRUE;
	card = call_card_named(call, request->card, error);
	if (card == NULL)
		return FALSE;
	g_free(request->card);
	request->card = card;
	return TRUE;
}

static HttpReply *open_one(Call *call, ApplyRun run, GError **error)
{
	ApplyRequest request = { 0 };
	g_auto(ImportResult) result = { 0 };
	g_autofree char *id = NULL;
	gboolean is_done;

	if (!json_read(call->body, &apply_table, &request, error))
		return NULL;
	is_done = read_card(call, &request, error) && run(&call->op, &request, &result, &id, error);
	json_clear(&apply_table, &request);
	return finish(call, is_done, id, &result, error);
}

HttpReply *handlers_apply(Call *call, GError **error)
{
	return open_one(call, apply_new, error);
}

HttpReply *handlers_apply_accept(Call *call, GError **error)
{
	return open_one(call, apply_new_accept, error);
}

HttpReply *handlers_apply_revise(Call *call, GError **error)
{
	ApplyRequest request = { 0 };
	g_auto(ImportResult) result = { 0 };
	gboolean is_done;

	if (!json_read(call->body, &apply_table, &request, error))
		return NULL;
	is_done = apply_new_revise(&call->op, call->args[0], &request, &result, error);
	json_clear(&apply_table, &request);
	return finish(call, is_done, call->args[0], &result, error);
}

/* The event is the last part of the path. */
HttpReply *handlers_apply_decide(Call *call, GError **error)
{
	ApplyDecision decision = { .id = call->args[0] };
	g_auto(ImportResult) result = { 0 };
	DecisionBody body = { 0 };
	gboolean is_done;

	if (!application_event_parse(strrchr(call->route->path, '/') + 1, &decision.event)) {
		error_set(error, ERROR_INTERNAL, N_("a route names no event of an application"));
		return NULL;
	}
	if (!json_read(call->body, &decision_table, &body, error))
		return NULL;
	decision.note = body.note;
	is_done = apply_decide(&call->op, &decision, &result, error);
	json_clear(&decision_table, &body);
	return finish(call, is_done, decision.id, &result, error);
}

HttpReply *handlers_apply_execute(Call *call, GError **error)
{
	g_auto(ImportResult) result = { 0 };
	DecisionBody body = { 0 };
	gboolean is_done;

	if (!json_read(call->body, &decision_table, &body, error))
		return NULL;
	json_clear(&decision_table, &body);
	is_done = apply_execute(&call->op, call->args[0], &result, error);
	if (!is_done && result.lines != NULL)
		call->extra = json_pack("{s:O}", "lines", result.lines);
	return is_done ? reply_json(200, import_result_json(&result, call->op.is_dry_run)) : NULL;
}

HttpReply *handlers_applications(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	ApplicationFilter filter = {
		.is_open = g_strcmp0(call_query(call, "open"), "false") != 0,
		.section = call_query(call, "section"),
		.after = call_query(call, "after"),
	};
	json_t *list;

	if (tx == NULL || !call_limit(call, &filter.limit, error))
		return NULL;
	list = view_application_list(tx, &call->op, &filter, error);
	return list != NULL ? reply_json(200, list) : NULL;
}

HttpReply *handlers_application(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(Application) row =
		tx != NULL ? store_application_get(tx, call->args[0], error) : NULL;
	json_t *view;

	if (row == NULL)
		return NULL;
	if (!view_application_is_seen(&call->op, row)) {
		error_set(error, ERROR_DENIED,
			  N_("application %s is of section %s, and %s may see only the own ones"),
			  row->id, row->section, call->actor->id);
		return NULL;
	}
	view = view_application(tx, &call->op, row, error);
	return view != NULL ? reply_json(200, view) : NULL;
}

HttpReply *handlers_inbox(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	json_t *list = tx != NULL ? inbox_list(tx, &call->op, error) : NULL;

	return list != NULL ? reply_json(200, list) : NULL;
}
