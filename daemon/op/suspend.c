/* SPDX-License-Identifier: Apache-2.0
 * Holds of single cards. */
#include "daemon/op/suspend.h"

#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/back_entry.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/loss_notice.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/op/refusal.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_pin.h"
#include "pkcs11/failpoint.h"

static gboolean deny(const Op *op, const char *card, HoldReason reason, RoleSet roles,
		     GError **error)
{
	g_autofree char *needed = role_table_names(op->house->role_table, roles);
	g_autofree char *choices = hold_choices();

	if (roles == 0)
		return error_set(
			error, ERROR_RULE,
			N_("the reason %s cannot be chosen here for card %s (a PIN hold ends "
			   "with the holder's own change, UNCHECKED when the card is shown "
			   "(`opcardctl card check`), an emergency with `opcardctl emergency "
			   "resume`); reasons: %s"),
			hold_rule(reason)->name, card, choices);
	return error_set(error, ERROR_DENIED,
			 N_("%s may not do this with %s on card %s: it takes the role %s (%s)"),
			 op->actor->id, hold_rule(reason)->name, card, needed,
			 hold_rule(reason)->article);
}

static gboolean check_state(StoreTx *tx, const Op *op, const Card *card,
			    const SuspendRequest *request, GError **error)
{
	AllowRequest question = { .card = card, .event = EVENT_SUSPEND, .holder = card->holder };
	gboolean is_out = card->state == CARD_PENDING || card->state == CARD_RECALLED;

	return (request->is_report && is_out) || allow_event(tx, op, &question, error) != NULL;
}

/* Only a report that the card is gone is measured; a leave is planned. */
static gboolean measure(StoreTx *tx, Op *op, const Card *card, const SuspendRequest *request,
			GError **error)
{
	RefusalFacts facts = { .event = lifecycle_event_name(EVENT_SUSPEND),
			       .card = card->number,
			       .noticed_at = request->noticed_at,
			       .cards = 1 };

	return (request->reason != HOLD_MISSING && request->reason != HOLD_PIN_LEAKED) ||
	       (refusal_held_since(tx, card, &facts.held_since, error) &&
		refusal_open(tx, op, &facts, error));
}

/* N82: 職権停止 stands on an order that was not obeyed. */
static gboolean check_order(StoreTx *tx, const Op *op, const Card *card,
			    const SuspendRequest *request, GError **error)
{
	return request->reason != HOLD_ORDER ||
	       stop_order_check(tx, op, card, request->order, error);
}

static gboolean write_order(StoreTx *tx, const Op *op, const Card *card,
			    const SuspendRequest *request, json_t *extra, GError **error)
{
	json_t *facts = NULL;

	if (request->reason != HOLD_ORDER)
		return TRUE;
	if (!stop_order_open(tx, op, card, request->order, &facts, error))
		return FALSE;
	json_object_update(extra, facts);
	json_decref(facts);
	return TRUE;
}

gboolean suspend_card(Op *op, const SuspendRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_URGENT, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;
	const HoldRule *rule = hold_rule(request->reason);
	CertStatusOrder order = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	gboolean is_allowed;

	if (card == NULL || !check_state(tx, op, card, request, error) ||
	    !allow_role(tx, op, card, rule->set_by, &is_allowed, error))
		return FALSE;
	if (!is_allowed)
		return deny(op, card->number, request->reason, rule->set_by, error);
	if (!back_entry_check(tx, op, card, request->happened_at, error))
		return FALSE;
	Hold hold = { .card = card->number,
		      .reason = request->reason,
		      .since = op_effective(op),
		      .by = op->actor->id,
		      .note = (char *) request->note };
	Record record = { .kind = lifecycle_event_name(EVENT_SUSPEND),
			  .article = rule->article,
			  .from = card_state_name(card_shown(card)),
			  .note = request->note,
			  .at = request->happened_at };

	LossNotice missing = { "紛失・盗難", "lost or stolen", NULL };

	if (!check_order(tx, op, card, request, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("suspend.before");
	if (request->place != NULL) {
		g_free(card->place);
		card->place = g_strdup(request->place);
	}
	if (!measure(tx, op, card, request, error) || !store_hold_open(tx, &hold, error) ||
	    !cert_status_set(tx, op, card->number, &order, error) ||
	    !store_card_put(tx, card, error))
		return FALSE;
	record.extra = json_pack("{s:s, s:s*}", "reason", rule->name, "backEntry",
				 request->happened_at != 0 ? BACK_ENTRY_MARK : NULL);
	card->is_held = TRUE;
	if (!write_order(tx, op, card, request, record.extra, error)) {
		json_decref(record.extra);
		return FALSE;
	}
	if (!record_card(tx, op, card, &record, error) ||
	    (request->is_report && !loss_notice_add(tx, op, card, &missing, error)) ||
	    !cert_status_commit(op, &tx, error))
		return FALSE;
	FAILPOINT("suspend.after");
	return refusal_finish(op, error);
}

gboolean suspend_lift(StoreTx *tx, Op *op, Card *card, HoldReason reason, GError **error)
{
	CertStatusOrder order = { .to = CERTIFICATE_VALID };
	g_autoptr(GPtrArray) left = NULL;

	if (!store_hold_lift(tx, card->number, reason, op->now, op->actor->id, error))
		return FALSE;
	left = store_hold_of_card(tx, card->number, error);
	if (left == NULL)
		return FALSE;
	card->is_held = left->len > 0;
	return card->is_held || card->state != CARD_ACTIVE ||
	       cert_status_set(tx, op, card->number, &order, error);
}

/* A card that was out of sight may have been used with its PIN: the holder changes it first. */
static gboolean check_pin_changed(StoreTx *tx, const Card *card, GError **error)
{
	g_autoptr(GPtrArray) holds = store_hold_of_card(tx, card->number, error);
	Pin pin;

	if (holds == NULL || !store_pin_get(tx, card->number, &pin, error))
		return FALSE;
	for (guint i = 0; i < holds->len; i++) {
		const Hold *hold = holds->pdata[i];

		if (hold->reason == HOLD_MISSING && pin.changed_at <= hold->since)
			return error_set(error, ERROR_RULE,
					 N_("card %s was missing: the holder changes the PIN first "
					    "(`opcardctl pin change %s`), then the suspension can "
					    "be lifted"),
					 card->number, card->number);
	}
	return TRUE;
}

static gboolean check_lift(StoreTx *tx, const Op *op, const Card *card,
			   const SuspendRequest *request, GError **error)
{
	const HoldRule *rule = hold_rule(request->reason);
	gboolean is_allowed;

	if (lifecycle_find(card_shown(card), EVENT_RESUME) == NULL)
		return error_set(error, ERROR_STATE,
				 N_("card %s is %s: there is no suspension to lift"), card->number,
				 card_state_label(card_shown(card)));
	if (!allow_role(tx, op, card, rule->lifted_by, &is_allowed, error))
		return FALSE;
	if (!is_allowed)
		return deny(op, card->number, request->reason, rule->lifted_by, error);
	if (!allow_eligible(tx, op, card, error))
		return FALSE;
	return request->reason != HOLD_MISSING || check_pin_changed(tx, card, error);
}

static gboolean ask(StoreTx **tx, Op *op, const SuspendRequest *request, char **ret_confirmation,
		    GError **error)
{
	json_t *body = json_pack("{s:s, s:s, s:s, s:s*}", "event", "resume", "card", request->card,
				 "reason", hold_rule(request->reason)->name, "note", request->note);
	MoveQuestion question = { "resume", request->card, body };
	gboolean is_asked = move_ask(tx, op, &question, ret_confirmation, error);

	json_decref(body);
	return is_asked;
}

gboolean suspend_resume(Op *op, const SuspendRequest *request, MoveOutcome *ret_outcome,
			char **ret_confirmation, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;
	const HoldRule *rule = hold_rule(request->reason);
	Record record = { .kind = lifecycle_event_name(EVENT_RESUME),
			  .article = rule->article,
			  .note = request->note };

	if (card == NULL || !check_lift(tx, op, card, request, error))
		return FALSE;
	if (op->is_dry_run) {
		*ret_outcome = MOVE_WOULD;
		return TRUE;
	}
	if (rule->needs_second && !op->is_confirmed) {
		*ret_outcome = MOVE_ASKED;
		return ask(&tx, op, request, ret_confirmation, error);
	}
	record.from = card_state_name(card_shown(card));
	if (!suspend_lift(tx, op, card, request->reason, error) ||
	    !store_card_put(tx, card, error) ||
	    (request->reason == HOLD_ORDER && !stop_order_lift(tx, op, card, error)))
		return FALSE;
	record.extra = json_pack("{s:s}", "reason", rule->name);
	if (!record_card(tx, op, card, &record, error) || !cert_status_commit(op, &tx, error))
		return FALSE;
	*ret_outcome = MOVE_DONE;
	return !op->is_list_due || publish_now(op->house, op->now, error);
}
