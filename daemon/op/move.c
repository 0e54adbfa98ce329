/* SPDX-License-Identifier: Apache-2.0
 * Events that need no reader, straight down: load, allow, effects, card, ledger, commit, list. */
#include "daemon/op/move.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/back_entry.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/dump.h"
#include "daemon/op/lend_temporary.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/op/refusal.h"
#include "daemon/op/repair.h"
#include "daemon/op/suspend.h"
#include "daemon/op/transit.h"
#include "daemon/op/witness.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_request.h"
#include "pkcs11/failpoint.h"

#define CONFIRM_SECONDS (24 * 3600)

static gboolean check_chip(const Card *card, const MoveRequest *request, GError **error)
{
	if (request->chip_serial == NULL || card->chip_serial == NULL ||
	    g_strcmp0(request->chip_serial, card->chip_serial) == 0)
		return TRUE;
	return error_set(error, ERROR_CARD,
			 N_("the chip handed in is %s, but card %s has the chip %s; look at the "
			    "number printed on the card again"),
			 request->chip_serial, card->number, card->chip_serial);
}

static gboolean check_due(const Op *op, const MoveRequest *request, GError **error)
{
	g_autofree char *today = clock_date(op->now);

	return request->facts.due == NULL || strcmp(request->facts.due, today) >= 0 ||
	       error_set(error, ERROR_USAGE,
			 N_("the due date %s is over; write today (%s) or a later day"),
			 request->facts.due, today);
}

static json_t *question_body(const MoveRequest *request)
{
	return json_pack("{s:s, s:s, s:s*, s:s*}", "event", lifecycle_event_name(request->event),
			 "card", request->card, "note", request->facts.note, "reason",
			 request->facts.reason);
}

gboolean move_ask(StoreTx **tx, Op *op, const MoveQuestion *question, char **ret_confirmation,
		  GError **error)
{
	g_autofree char *id = NULL;
	Record record = { .kind = "confirm-asked", .article = "N05", .note = question->event };
	char *text;
	gint64 number;
	gboolean is_asked;

	if (!store_next(*tx, "confirmation", &number, error))
		return FALSE;
	id = g_strdup_printf("N-%04" G_GINT64_FORMAT, number);
	text = dump_json(question->body);
	Confirmation row = {
		.id = id,
		.event = (char *) question->event,
		.card = (char *) question->card,
		.body = text,
		.by = op->actor->id,
		.at = op->now,
		.expires = op->now + CONFIRM_SECONDS,
	};
	is_asked = store_request_ask(*tx, &row, error) &&
		   record_event(*tx, op, NULL, &record, error) && store_tx_commit(tx, error);
	g_free(text);
	if (is_asked)
		*ret_confirmation = g_steal_pointer(&id);
	return is_asked;
}

/* T14, N32: who reported, what proves it, and by whom it was witnessed, beside the card. */
static json_t *extra_of(const MoveRequest *request)
{
	const EffectFacts *facts = &request->facts;

	return json_pack("{s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}", "session", request->session,
			 "reason", facts->reason, "reportedBy", facts->reported_by, "via",
			 facts->via, "policeReport", facts->police_report, "evidence",
			 request->evidence, "backEntry",
			 facts->happened_at != 0 ? BACK_ENTRY_MARK : NULL);
}

static gboolean is_report(CardEvent event)
{
	return event == EVENT_REPORT_LOST || event == EVENT_REPORT_STOLEN;
}

static gboolean measure(StoreTx *tx, Op *op, const Card *card, const MoveRequest *request,
			GError **error)
{
	RefusalFacts facts = { .event = lifecycle_event_name(request->event),
			       .card = card->number,
			       .noticed_at = request->facts.noticed_at,
			       .cards = 1 };

	return !is_report(request->event) ||
	       (refusal_held_since(tx, card, &facts.held_since, error) &&
		refusal_open(tx, op, &facts, error));
}

/* I11: both stamps of a return, and what a temporary card leaves behind. */
static gboolean receive(StoreTx *tx, Op *op, const Card *card, const MoveRequest *request,
			json_t *extra, GError **error)
{
	TransitReceipt receipt = { .handed_in_by = request->handed_in_by,
				   .seal = request->seal,
				   .is_broken = request->is_broken,
				   .extra = extra };

	return request->event != EVENT_RETURN || (transit_receive(tx, op, card, &receipt, error) &&
						  lend_temporary_returned(tx, op, card, error));
}

static gboolean attend(StoreTx *tx, const Op *op, const MoveRequest *request, GError **error)
{
	WitnessCard done = { .card = (char *) request->card, .disposed_at = op->now };

	return request->session == NULL || store_session_done(tx, request->session, &done, error);
}

static gboolean change(StoreTx *tx, Op *op, Card *card, const LifecycleRule *rule,
		       const MoveRequest *request, GError **error)
{
	CardState shown = card_shown(card);
	gboolean stays = request->event == EVENT_REPORT_DAMAGED && request->facts.is_usable;
	Record record = {
		.kind = lifecycle_event_name(request->event),
		.article = rule->article,
		.second = (rule->guards & GUARD_WITNESS) != 0 ? request->witness : NULL,
		.from = card_state_name(shown),
		.note = request->facts.note,
		.at = request->facts.happened_at != 0 ? request->facts.happened_at
						      : request->facts.noticed_at,
	};

	json_t *extra = extra_of(request);
	back_entry_mark(card, request->event, request->facts.happened_at);
	if (!measure(tx, op, card, request, error) ||
	    !repair_overtake(tx, op, card->number, error) ||
	    !receive(tx, op, card, request, extra, error) || !attend(tx, op, request, error) ||
	    !effect_apply(tx, op, card, request->event, &request->facts, error)) {
		json_decref(extra);
		return FALSE;
	}
	if (!stays)
		card->state = rule->to == CARD_SUSPENDED ? CARD_ACTIVE : rule->to;
	record.extra = extra;
	if (store_card_put(tx, card, error))
		return record_card(tx, op, card, &record, error);
	json_decref(extra);
	return FALSE;
}

/* Anybody may report a loss; whoever may not revoke puts a hold, which refuses just as fast. */
static gboolean hold_instead(Op *op, const Card *card, const MoveRequest *request,
			     gboolean *ret_is_held, GError **error)
{
	SuspendRequest hold = {
		.card = request->card,
		.reason = HOLD_MISSING,
		.note = request->facts.note,
		.noticed_at = request->facts.noticed_at,
		.happened_at = request->facts.happened_at,
		.is_report = TRUE,
	};
	const LifecycleRule *rule = lifecycle_find(card_shown(card), request->event);
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	gboolean may_revoke;

	if (tx == NULL || rule == NULL)
		return tx != NULL;
	if (!allow_role(tx, op, card, rule->roles, &may_revoke, error))
		return FALSE;
	if (may_revoke)
		return TRUE;
	*ret_is_held = TRUE;
	return op->is_dry_run || suspend_card(op, &hold, error);
}

static gboolean needs_second(const Op *op, const LifecycleRule *rule)
{
	return (rule->guards & GUARD_SECOND) != 0 && !op->is_confirmed;
}

static gboolean move(Op *op, const MoveRequest *request, MoveOutcome *ret_outcome,
		     char **ret_confirmation, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(
		op->house->store, is_report(request->event) ? STORE_URGENT : STORE_NORMAL, error);
	g_autoptr(Card) card = NULL;
	AllowRequest question = { .event = request->event, .witness = request->witness };
	const LifecycleRule *rule;
	gboolean is_held = FALSE;

	card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;
	if (card == NULL)
		return FALSE;
	if (is_report(request->event)) {
		g_clear_pointer(&tx, store_tx_abort);
		if (!hold_instead(op, card, request, &is_held, error))
			return FALSE;
		if (is_held) {
			*ret_outcome = op->is_dry_run ? MOVE_WOULD : MOVE_HELD;
			return TRUE;
		}
		tx = store_tx_begin(op->house->store, STORE_URGENT, error);
		g_clear_pointer(&card, card_free);
		card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;
		if (card == NULL)
			return FALSE;
	}
	question.card = card;
	question.holder = card->holder;
	rule = allow_event(tx, op, &question, error);
	if (rule == NULL || !check_chip(card, request, error) || !check_due(op, request, error) ||
	    !back_entry_check(tx, op, card, request->facts.happened_at, error))
		return FALSE;
	if (op->is_dry_run) {
		*ret_outcome = MOVE_WOULD;
		return TRUE;
	}
	if (needs_second(op, rule)) {
		json_t *body = question_body(request);
		MoveQuestion asked = { lifecycle_event_name(request->event), card->number, body };
		gboolean is_asked = move_ask(&tx, op, &asked, ret_confirmation, error);

		json_decref(body);
		*ret_outcome = MOVE_ASKED;
		return is_asked;
	}
	FAILPOINT("move.before");
	if (!change(tx, op, card, rule, request, error) || !cert_status_commit(op, &tx, error))
		return FALSE;
	FAILPOINT("move.after");
	*ret_outcome = MOVE_DONE;
	return refusal_finish(op, error);
}

/* The witness of the session stands for the one that would be named. */
static char *find_witness(const Op *op, const MoveRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);

	return tx != NULL ? witness_of(tx, request->session, request->card, error) : NULL;
}

gboolean move_card(Op *op, const MoveRequest *request, MoveOutcome *ret_outcome,
		   char **ret_confirmation, GError **error)
{
	g_autofree char *witness = NULL;
	MoveRequest named = *request;

	if (request->session == NULL)
		return move(op, request, ret_outcome, ret_confirmation, error);
	witness = find_witness(op, request, error);
	if (witness == NULL)
		return FALSE;
	named.witness = witness;
	return move(op, &named, ret_outcome, ret_confirmation, error);
}
