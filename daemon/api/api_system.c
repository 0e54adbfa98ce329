/* SPDX-License-Identifier: Apache-2.0
 * The system's own records: readers, ledger, authority, configuration, jobs. */
#include "daemon/api/handlers.h"
#include "daemon/api/problem.h"
#include "daemon/api/reply.h"
#include "daemon/api/workers.h"
#include "daemon/base/error.h"
#include "daemon/ca/name.h"
#include "daemon/op/authority.h"
#include "daemon/op/authority_renew.h"
#include "daemon/op/publish.h"
#include "daemon/op/responder.h"
#include "daemon/op/view.h"
#include "daemon/op/view_authority.h"
#include "daemon/op/view_event.h"
#include "daemon/store/store_intent.h"

#define WAIT_MAX 30

static HttpReply *reply(json_t *value)
{
	return value != NULL ? reply_json(200, value) : NULL;
}

static StoreTx *read_tx(Call *call, GError **error)
{
	return store_tx_read(call->api->house->store, error);
}

HttpReply *handlers_readers(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	json_t *items = tx != NULL ? sight_view(call->api->sight, tx, error) : NULL;

	return items != NULL ? reply(view_page(items, NULL)) : NULL;
}

HttpReply *handlers_audit(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	const char *after = call_query(call, "after");
	guint64 seq = 0;
	LedgerFilter filter = {
		.card = call_query(call, "card"),
		.staff = call_query(call, "staff"),
		.kind = call_query(call, "kind"),
	};

	if (tx == NULL || !call_limit(call, &filter.limit, error))
		return NULL;
	if (after != NULL && !g_ascii_string_to_unsigned(after, 10, 0, G_MAXINT64, &seq, NULL)) {
		error_set(error, ERROR_USAGE, N_("after must be a record's number, not \"%s\""),
			  after);
		return NULL;
	}
	filter.after = (gint64) seq;
	return reply(view_event_list(tx, &filter, error));
}

HttpReply *handlers_ca(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);

	return tx != NULL ? reply(view_authority(tx, &call->op, error)) : NULL;
}

typedef struct CaBody {
	char *key;
	char *algorithm;
	char *subject;
} CaBody;

typedef gboolean (*CaWork)(Op *op, const AuthorityRequest *request, GError **error);

static HttpReply *work_on_ca(Call *call, CaWork work, GError **error)
{
	static const JsonField fields[] = {
		{ "key", JSON_KIND_TEXT, FALSE, offsetof(CaBody, key), 0, 400, NULL, NULL },
		{ "algorithm", JSON_KIND_TEXT, FALSE, offsetof(CaBody, algorithm), 0, 20, NULL,
		  NULL },
		{ "subject", JSON_KIND_TEXT, FALSE, offsetof(CaBody, subject), 0, 300, NULL, NULL },
	};
	static const JsonTable table = JSON_TABLE(fields, CaBody);
	CaBody body = { NULL };
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	AuthorityRequest request = { .key = body.key,
				     .algorithm = body.algorithm,
				     .subject = body.subject };

	is_done = work(&call->op, &request, error);
	json_clear(&table, &body);
	if (!is_done)
		return NULL;
	return call->op.is_dry_run ? call_would(N_("allowed; nothing was changed"))
				   : handlers_ca(call, error);
}

HttpReply *handlers_ca_init(Call *call, GError **error)
{
	return work_on_ca(call, authority_init, error);
}

HttpReply *handlers_ca_renew(Call *call, GError **error)
{
	return work_on_ca(call, authority_renew, error);
}

HttpReply *handlers_ca_publish(Call *call, GError **error)
{
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return publish_now(call->api->house, call->op.now, error) ? handlers_ca(call, error) : NULL;
}

static HttpReply *job_reply(const char *id, const StepsView *view)
{
	json_t *problem =
		view->error != NULL ? problem_json(view->error, view->extra) : json_null();

	return reply(json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "id", id, "kind", view->kind,
			       "card", view->card, "state", view->state, "steps", view->steps,
			       "result", view->result != NULL ? view->result : json_null(),
			       "problem", problem));
}

/* A job of an earlier run: what its intent says. */
static HttpReply *old_job(Call *call, const char *id, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	g_autoptr(Intent) intent = tx != NULL ? store_intent_get(tx, id, error) : NULL;
	StepsView view = { .state = "waiting" };
	g_autoptr(GError) failure = NULL;

	if (intent == NULL)
		return NULL;
	view.kind = intent->kind;
	view.card = intent->card;
	view.steps = json_array();
	if (intent->closed_at != 0 && g_strcmp0(intent->outcome, "done") == 0)
		view.state = "done";
	else if (intent->closed_at != 0) {
		view.state = "failed";
		error_set(&failure, ERROR_INTERNAL,
			  N_("the operation was cut off and undone; start it again"));
		view.error = failure;
	}
	return job_reply(id, &view);
}

static gboolean read_number(const Call *call, const char *key, guint64 max, guint64 *ret_number,
			    GError **error)
{
	const char *text = call_query(call, key);

	*ret_number = 0;
	return text == NULL || g_ascii_string_to_unsigned(text, 10, 0, max, ret_number, NULL) ||
	       error_set(error, ERROR_USAGE, N_("%s must be a number up to %u"), key,
			 (unsigned) max);
}

/* Whoever started a job follows it; the desk and the auditors see all. */
static gboolean may_follow(const Call *call, const Steps *steps, GError **error)
{
	RoleSet all = ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN) |
		      ROLE_SET(ROLE_CHIEF) | ROLE_SET(ROLE_AUDITOR) | ROLE_SET(ROLE_ROOT);

	if (op_has_role(&call->op, all) ||
	    (steps != NULL && g_strcmp0(steps_owner(steps), call->actor->id) == 0))
		return TRUE;
	return error_set(error, ERROR_DENIED, N_("%s may follow only jobs of its own"),
			 call->actor->id);
}

HttpReply *handlers_job(Call *call, GError **error)
{
	g_autoptr(Steps) steps = workers_job(call->api->workers, call->args[0]);
	guint64 wait, after;
	StepsView view;

	if (!read_number(call, "wait", WAIT_MAX, &wait, error) ||
	    !read_number(call, "after", 10000, &after, error) || !may_follow(call, steps, error))
		return NULL;
	if (steps == NULL)
		return old_job(call, call->args[0], error);
	steps_wait(steps, (guint) after, g_get_monotonic_time() + (gint64) wait * G_USEC_PER_SEC);
	steps_view(steps, (guint) after, &view);
	return job_reply(call->args[0], &view);
}
