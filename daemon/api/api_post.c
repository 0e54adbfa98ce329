/* SPDX-License-Identifier: Apache-2.0
 * Posts, delegations, roles taken for a time. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/break_glass.h"
#include "daemon/op/delegate.h"
#include "daemon/op/tenure.h"
#include "daemon/op/view_post.h"

#define TEXT(Type, name, member, is_needed)                                                        \
	{                                                                                          \
		(name), JSON_KIND_TEXT, (is_needed), offsetof(Type, member), 0, 500, NULL, NULL    \
	}
#define DATE(Type, name, member, is_needed)                                                        \
	{                                                                                          \
		(name), JSON_KIND_DATE, (is_needed), offsetof(Type, member), 0, 0, NULL, NULL      \
	}

static const JsonField assign_fields[] = {
	TEXT(TenureRequest, "staff", staff, TRUE),
	DATE(TenureRequest, "from", since, TRUE),
	DATE(TenureRequest, "until", until, FALSE),
	TEXT(TenureRequest, "order", order, TRUE),
	TEXT(TenureRequest, "section", section, FALSE),
	{ "shared", JSON_KIND_BOOL, FALSE, offsetof(TenureRequest, is_shared), 0, 0, NULL, NULL },
};
static const JsonTable assign_table = JSON_TABLE(assign_fields, TenureRequest);

static const JsonField end_fields[] = {
	TEXT(TenureRequest, "staff", staff, TRUE),
	DATE(TenureRequest, "until", until, TRUE),
	TEXT(TenureRequest, "order", order, TRUE),
};
static const JsonTable end_table = JSON_TABLE(end_fields, TenureRequest);

static const JsonField delegate_fields[] = {
	TEXT(DelegateRequest, "fromPost", from_post, TRUE),
	TEXT(DelegateRequest, "toPost", to_post, TRUE),
	DATE(DelegateRequest, "from", since, TRUE),
	DATE(DelegateRequest, "until", until, TRUE),
	TEXT(DelegateRequest, "order", order, TRUE),
};
static const JsonTable delegate_table = JSON_TABLE(delegate_fields, DelegateRequest);

static const JsonField glass_fields[] = {
	TEXT(BreakGlassRequest, "reason", reason, TRUE),
	TEXT(BreakGlassRequest, "for", period, TRUE),
};
static const JsonTable glass_table = JSON_TABLE(glass_fields, BreakGlassRequest);

typedef struct NoteBody {
	char *note;
} NoteBody;
static const JsonField note_fields[] = { TEXT(NoteBody, "note", note, FALSE) };
static const JsonTable note_table = JSON_TABLE(note_fields, NoteBody);

static StoreTx *read_tx(Call *call, GError **error)
{
	return store_tx_read(call->api->house->store, error);
}

static HttpReply *reply(json_t *value)
{
	return value != NULL ? reply_json(200, value) : NULL;
}

typedef json_t *(*ListView)(StoreTx *tx, const Op *op, const char *after, int limit,
			    GError **error);

static HttpReply *list(Call *call, ListView view, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	int limit;

	if (tx == NULL || !call_limit(call, &limit, error))
		return NULL;
	return reply(view(tx, &call->op, call_query(call, "after"), limit, error));
}

HttpReply *handlers_posts(Call *call, GError **error)
{
	return list(call, view_post_list, error);
}

HttpReply *handlers_delegations(Call *call, GError **error)
{
	return list(call, view_post_delegations, error);
}

HttpReply *handlers_grants(Call *call, GError **error)
{
	return list(call, view_post_grants, error);
}

HttpReply *handlers_post(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);

	return tx != NULL ? reply(view_post(tx, &call->op, call->args[0], error)) : NULL;
}

HttpReply *handlers_deputy_reviews(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);

	return tx != NULL ? reply(view_post_reviews(tx, &call->op, error)) : NULL;
}

/* {"id"} of what was made, or what would happen. */
static HttpReply *done(Call *call, const char *id, const char *next)
{
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return reply_json(200, json_pack("{s:s*, s:o}", "id", id, "next", call_text(next)));
}

static HttpReply *tenure(Call *call, const JsonTable *table,
			 gboolean (*run)(Op *op, const TenureRequest *request, GError **error),
			 const char *next, GError **error)
{
	TenureRequest request = { 0 };
	gboolean is_done;

	if (!json_read(call->body, table, &request, error))
		return NULL;
	request.post = call->args[0];
	is_done = run(&call->op, &request, error);
	json_clear(table, &request);
	return is_done ? done(call, NULL, next) : NULL;
}

HttpReply *handlers_post_assign(Call *call, GError **error)
{
	return tenure(call, &assign_table, tenure_assign,
		      N_("The order is entered; what belongs to the post passes on by itself."),
		      error);
}

HttpReply *handlers_post_end(Call *call, GError **error)
{
	return tenure(call, &end_table, tenure_end, N_("The tenure ends on that day."), error);
}

HttpReply *handlers_delegate(Call *call, GError **error)
{
	DelegateRequest request = { 0 };
	g_autofree char *id = NULL;
	gboolean is_done;

	if (!json_read(call->body, &delegate_table, &request, error))
		return NULL;
	is_done = delegate_add(&call->op, &request, &id, error);
	json_clear(&delegate_table, &request);
	return is_done ? done(call, id, N_("The order is entered; acts under it carry 代決."))
		       : NULL;
}

HttpReply *handlers_delegate_end(Call *call, GError **error)
{
	return delegate_end(&call->op, call->args[0], error)
		       ? done(call, call->args[0], N_("The order has ended."))
		       : NULL;
}

typedef gboolean (*NoteRun)(Op *op, const char *id, const char *note, GError **error);

static HttpReply *with_note(Call *call, NoteRun run, const char *next, GError **error)
{
	NoteBody body = { 0 };
	gboolean is_done;

	if (!json_read(call->body, &note_table, &body, error))
		return NULL;
	is_done = run(&call->op, call->args[0], body.note, error);
	json_clear(&note_table, &body);
	return is_done ? done(call, call->args[0], next) : NULL;
}

HttpReply *handlers_deputy_review(Call *call, GError **error)
{
	return with_note(call, delegate_review, N_("Looked at afterwards (後閲)."), error);
}

HttpReply *handlers_break_glass(Call *call, GError **error)
{
	BreakGlassRequest request = { 0 };
	g_autofree char *id = NULL;
	gboolean is_done;

	if (!json_read(call->body, &glass_table, &request, error))
		return NULL;
	request.role = call->args[0];
	is_done = break_glass_take(&call->op, &request, &id, error);
	json_clear(&glass_table, &request);
	return is_done ? done(call, id,
			      N_("The role is yours until then; the chief is told, and everything "
				 "done with it is marked."))
		       : NULL;
}

HttpReply *handlers_break_glass_end(Call *call, GError **error)
{
	return break_glass_end(&call->op, call->args[0], error)
		       ? done(call, call->args[0], N_("The role is given back."))
		       : NULL;
}

HttpReply *handlers_break_glass_review(Call *call, GError **error)
{
	return with_note(call, break_glass_review, N_("Reviewed."), error);
}
