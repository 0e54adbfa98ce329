/* SPDX-License-Identifier: Apache-2.0
 * confirm ID: a second person stands behind a change that one alone may not make. The change is
 * made in the name of the first; the second is recorded beside. */
#include "daemon/api/handlers.h"
#include "daemon/api/principal.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/clock_guard.h"
#include "daemon/op/deputy.h"
#include "daemon/op/exception.h"
#include "daemon/op/pin_permit.h"
#include "daemon/op/suspend.h"
#include "daemon/op/trail_keep.h"
#include "daemon/store/store_request.h"

static const char *text_of(const json_t *body, const char *key)
{
	return json_string_value(json_object_get(body, key));
}

static gboolean run(Op *op, const Confirmation *row, const json_t *body, GError **error)
{
	g_autofree char *ignored = NULL;
	MoveOutcome outcome;
	MoveRequest move = { .card = row->card, .facts = { .note = text_of(body, "note") } };
	SuspendRequest hold = { .card = row->card, .note = text_of(body, "note") };
	EmergencyRequest emergency = { .scope = text_of(body, "scope"),
				       .note = text_of(body, "note") };

	/* Everything that takes two persons grants something, but for this one. */
	if (g_str_equal(row->event, CLOCK_GUARD_EVENT))
		return clock_guard_accept(op, text_of(body, "note"), &outcome, &ignored, error);
	if (!clock_guard_check(op->house, op->now, error))
		return FALSE;
	if (g_str_equal(row->event, TRAIL_KEEP_EVENT))
		return trail_keep_dispose(op, text_of(body, "fiscalYear"), &outcome, &ignored,
					  error);
	if (g_str_equal(row->event, "emergency-resume"))
		return suspend_emergency(op, &emergency, &outcome, &ignored, error);
	if (g_str_equal(row->event, "resume"))
		return hold_parse(text_of(body, "reason"), &hold.reason)
			       ? suspend_resume(op, &hold, &outcome, &ignored, error)
			       : error_set(error, ERROR_INTERNAL,
					   N_("the stored request is damaged"));
	if (!lifecycle_event_parse(row->event, &move.event))
		return error_set(error, ERROR_INTERNAL, N_("the stored request is damaged"));
	return move_card(op, &move, &outcome, &ignored, error);
}

static gboolean check_second(Call *call, StoreTx *tx, const Confirmation *row, GError **error)
{
	gboolean is_excepted;

	if (call->actor->person == 0)
		return error_set(error, ERROR_DENIED,
				 N_("%s is no person; only a person confirms (N05)"),
				 call->actor->id);
	if (g_strcmp0(row->by, call->actor->id) != 0)
		return TRUE;
	if (!allow_exception(tx, &call->op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("%s asked for this; somebody else must confirm it (N05)"),
			 call->actor->id);
}

/* What is confirmed was done already: the second person acts in the own name. */
static HttpReply *approve_reset(Call *call, const Confirmation *row, GError **error)
{
	if (!pin_permit_approve(&call->op, row->id, row->card, error))
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return call_card_reply(call, row->card, N_("The urgent reset is approved."), error);
}

static gboolean mark_done(Call *call, const char *id, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(call->api->house->store, STORE_NORMAL, error);

	return tx != NULL && store_request_confirmed(tx, id, call->op.now, error) &&
	       deputy_record(tx, &call->op, call->actor->asked, id, error) &&
	       store_tx_commit(&tx, error);
}

HttpReply *handlers_confirm(Call *call, GError **error)
{
	House *house = call->api->house;
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(Confirmation) row = NULL;
	g_autoptr(Actor) first = NULL;
	g_auto(Op) op = { 0 };
	json_t *body;
	gboolean is_done;

	row = tx != NULL ? store_request_confirmation(tx, call->args[0], call->op.now, error)
			 : NULL;
	if (row == NULL || !check_second(call, tx, row, error))
		return NULL;
	if (g_str_equal(row->event, PIN_PERMIT_EVENT)) {
		g_clear_pointer(&tx, store_tx_abort);
		return approve_reset(call, row, error);
	}
	first = principal_of_staff(house, tx, row->by, call->op.now, error);
	g_clear_pointer(&tx, store_tx_abort);
	if (first == NULL)
		return NULL;
	if (deputy_stands_for(&call->op, call->actor->asked, first->person)) {
		error_set(error, ERROR_RULE,
			  N_("%s would confirm in place of %s, who asked for this; somebody with a "
			     "role of the own must confirm it (N05)"),
			  call->actor->id, row->by);
		return NULL;
	}
	first->asked = call->actor->asked;
	op_init(&op, house, first, call->op.now);
	exception_carry(&call->op, &op);
	op.is_clock_bad = call->op.is_clock_bad;
	op.is_confirmed = TRUE;
	op.is_dry_run = call->op.is_dry_run;
	op.second = call->actor->id;
	body = json_loads(row->body, 0, NULL);
	is_done = run(&op, row, body, error);
	json_decref(body);
	if (!is_done)
		return NULL;
	if (op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	if (!mark_done(call, row->id, error))
		return NULL;
	if (row->card == NULL)
		return reply_json(200,
				  json_pack("{s:o}", "next", call_text(N_("Confirmed and done."))));
	return call_card_reply(call, row->card, N_("Confirmed and done."), error);
}
