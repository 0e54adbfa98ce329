/* SPDX-License-Identifier: Apache-2.0
 * The holder's own change of the PIN. */
#include "daemon/op/pin_change.h"

#include "daemon/base/error.h"
#include "daemon/op/apply_card.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/pin_rule.h"
#include "daemon/op/publish.h"
#include "daemon/op/suspend.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_pin.h"
#include "daemon/store/store_pin_reset.h"
#include "pkcs11/failpoint.h"

static gboolean begin(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = work_tx(work, error);
	Record record = { .kind = "pin-begin", .article = "T27" };

	return tx != NULL && work_intend(tx, work, NULL, &record, error) &&
	       store_tx_commit(&tx, error);
}

static gboolean check_state(const Card *card, GError **error)
{
	if (card->state == CARD_ACTIVE)
		return TRUE;
	return error_set(error, ERROR_STATE,
			 N_("card %s is %s: only the PIN of a card in use can be changed"),
			 card->number, card_state_label(card_shown(card)));
}

/* The PIN holds are the only ones the holder's own change lifts. */
static gboolean lift_holds(StoreTx *tx, Op *op, Card *card, GError **error)
{
	g_autoptr(GPtrArray) holds = store_hold_of_card(tx, card->number, error);

	for (guint i = 0; holds != NULL && i < holds->len; i++) {
		const Hold *hold = holds->pdata[i];
		gboolean is_pin = hold->reason == HOLD_PIN_OVERDUE ||
				  hold->reason == HOLD_PIN_LEAKED ||
				  hold->reason == HOLD_PIN_INITIAL;

		if (is_pin && hold->card != NULL &&
		    (!allow_eligible(tx, op, card, error) ||
		     !suspend_lift(tx, op, card, hold->reason, error)))
			return FALSE;
	}
	return holds != NULL;
}

static gboolean finish(Work *work, const PinTrace *trace, GError **error)
{
	g_autoptr(StoreTx) tx = work_tx(work, error);
	Pin pin = { .state = PIN_SET, .changed_at = work->op->now };
	Record record = { .kind = "pin-change", .article = "T27" };

	return tx != NULL && store_pin_put(tx, work->card->number, &pin, error) &&
	       pin_history_keep(tx, work->op, work->card, trace, error) &&
	       store_pin_reset_end(tx, work->card->number, PIN_RESET_CHANGE, work->op->now, NULL,
				   error) &&
	       apply_card_lapse(tx, work->op, work->card->number, error) &&
	       lift_holds(tx, work->op, work->card, error) &&
	       store_card_put(tx, work->card, error) &&
	       record_card(tx, work->op, work->card, &record, error) &&
	       work_close(tx, work, "done", error) && cert_status_commit(work->op, &tx, error);
}

/* What is known of the PIN after a change that failed: locked, as before, or nothing. */
static void note_failure(Work *work, const CardFailure *failure)
{
	g_autoptr(GError) ignored = NULL;
	g_autoptr(StoreTx) tx = work_tx(work, &ignored);
	Pin pin;

	if (tx == NULL || !store_pin_get(tx, work->card->number, &pin, &ignored))
		return;
	if (failure->kind == CARD_FAILURE_PIN_LOCKED)
		pin.state = PIN_LOCKED;
	else if (failure->card != CARD_INTACT)
		pin.state = PIN_UNKNOWN;
	if (!store_pin_put(tx, work->card->number, &pin, &ignored) ||
	    !store_tx_commit(&tx, &ignored))
		return;
}

gboolean pin_change(Op *op, const PinChangeRequest *request, int *ret_tries_left, GError **error)
{
	WorkRequest wanted = { .card = request->card,
			       .reader = request->reader,
			       .event = _CARD_EVENT_MAX,
			       .kind = "pin-change",
			       .roles = ROLE_SET(ROLE_HOLDER) | ROLE_SET(ROLE_CUSTODIAN) };
	g_auto(Work) work = { 0 };
	g_auto(PinTrace) trace = { 0 };
	g_autoptr(GError) cause = NULL;
	CardFailure failure = { .tries_left = -1 };

	if (!work_open(&work, op, &wanted, error) || !check_state(work.card, error) ||
	    !pin_rule_check(op,
			    &(PinRuleRequest){ .card = work.card,
					       .holder = work.card->holder,
					       .desk = work.desk,
					       .pin = request->new_pin,
					       .old = request->old_pin },
			    &trace, error))
		return FALSE;
	if (secret_equal(request->old_pin, request->new_pin))
		return error_set(error, ERROR_PIN,
				 N_("card %s: the new PIN is the old one; choose another (T27)"),
				 request->card);
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("pin-change.begin");
	if (!begin(&work, error))
		return FALSE;
	FAILPOINT("pin-change.begun");
	steps_add(op->steps, "change", N_("Changing the PIN"));
	if (!card_client_change(work.desk->client, request->old_pin, request->new_pin, FALSE,
				&failure)) {
		*ret_tries_left = failure.tries_left;
		work_fail(&work, &failure, &cause);
		note_failure(&work, &failure);
	} else {
		FAILPOINT("pin-change.changed");
		if (finish(&work, &trace, &cause)) {
			FAILPOINT("pin-change.done");
			return !op->is_list_due || publish_now(op->house, op->now, error);
		}
		/* The card has the new PIN, the store does not know since when. */
		cert_status_forget(op);
		failure = (CardFailure){ .kind = CARD_FAILURE_NONE, .card = CARD_UNKNOWN };
		note_failure(&work, &failure);
	}
	work_give_up(&work, "pin-failed", FALSE, cause);
	g_propagate_error(error, g_steal_pointer(&cause));
	return FALSE;
}
