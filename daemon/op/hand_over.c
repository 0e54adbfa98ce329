/* SPDX-License-Identifier: Apache-2.0
 * 交付. A hand-over cut off after the PIN was set leaves the card waiting and the PIN unknown; it
 * is simply done again. */
#include "daemon/op/hand_over.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/recall.h"
#include "daemon/op/apply_card.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/effect.h"
#include "daemon/op/personalise.h"
#include "daemon/op/pin_rule.h"
#include "daemon/op/publish.h"
#include "daemon/op/transit.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_intent.h"
#include "daemon/store/store_pin.h"
#include "pkcs11/failpoint.h"

/* One whose certificate was superseded before it was handed over can never be used. */
static Certificate *find_certificate(StoreTx *tx, const Card *card, GError **error)
{
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, card->number, error);

	if (list == NULL)
		return NULL;
	if (list->len > 0 && ((Certificate *) list->pdata[0])->state == CERTIFICATE_PENDING)
		return g_ptr_array_steal_index(list, 0);
	error_set(error, ERROR_RULE,
		  N_("the certificate of card %s is revoked, and a revocation is final; issue "
		     "another card"),
		  card->number);
	return NULL;
}

static gboolean begin(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = work_tx(work, error);
	g_autoptr(Certificate) certificate =
		tx != NULL ? find_certificate(tx, work->card, error) : NULL;
	Pin pin = { .state = PIN_UNKNOWN };
	Record record = { .kind = "hand-over-begin",
			  .article = "T15",
			  .from = card_state_name(CARD_PENDING) };

	return certificate != NULL && store_pin_put(tx, work->card->number, &pin, error) &&
	       work_intend(tx, work, NULL, &record, error) && store_tx_commit(&tx, error);
}

static GBytes *card_key(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(work->op->house->store, error);
	g_autoptr(Certificate) certificate =
		tx != NULL ? find_certificate(tx, work->card, error) : NULL;

	return certificate != NULL ? g_bytes_ref(certificate->spki) : NULL;
}

static gboolean touch_card(Work *work, const HandOverRequest *request, GError **error)
{
	CardClient *client = work->desk->client;
	g_autoptr(Secret) so_pin = at_reader_so_pin(work->desk, error);
	g_autoptr(GBytes) spki = so_pin != NULL ? card_key(work, error) : NULL;
	CardFailure failure;

	if (spki == NULL)
		return FALSE;
	steps_add(work->op->steps, "pin", N_("Setting the holder's own PIN"));
	if (!card_client_unblock(client, so_pin, request->pin, &failure))
		return work_fail(work, &failure, error);
	FAILPOINT("hand-over.pin-set");
	steps_add(work->op->steps, "login", N_("Testing the PIN by one login"));
	if (!card_client_check(client, request->pin, FALSE, &failure))
		return work_fail(work, &failure, error);
	FAILPOINT("hand-over.checked");
	return personalise_prove(work, spki, error);
}

static gboolean check_journey(const Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(work->op->house->store, error);

	return tx != NULL && transit_check_arrived(tx, work->card, error);
}

static gboolean close_intent(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	g_autoptr(Intent) intent = NULL;

	if (!store_intent_of_card(tx, card->number, &intent, error))
		return FALSE;
	return intent == NULL || store_intent_close(tx, intent->id, "undone", op->now, error);
}

/* One that was never handed over is taken back, one in use is to be collected. */
static gboolean end_old(StoreTx *tx, Op *op, Card *old, const Card *card, GError **error)
{
	gboolean is_pending = old->state == CARD_PENDING;
	EffectFacts facts = { .reason = recall_name(RECALL_REISSUE), .note = card->number };
	Record record = { .kind = lifecycle_event_name(is_pending ? EVENT_CANCEL : EVENT_RECALL),
			  .article = "T29",
			  .from = card_state_name(card_shown(old)),
			  .note = card->number };

	if (!close_intent(tx, op, old, error))
		return FALSE;
	if (is_pending ? !effect_apply(tx, op, old, EVENT_CANCEL, &facts, error)
		       : !effect_open_duty(tx, op, old, &facts, error))
		return FALSE;
	old->state = is_pending ? CARD_RETURNED : CARD_RECALLED;
	return store_card_put(tx, old, error) && record_card(tx, op, old, &record, error);
}

/* T47: the predecessor is superseded in the same transaction. A card lost or back already stays
 * what it is, and one that meanwhile is somebody else's is no predecessor any more. */
static gboolean supersede(StoreTx *tx, Op *op, const Card *card, GError **error)
{
	CertStatusOrder order = { .to = CERTIFICATE_REVOKED, .reason = REVOCATION_SUPERSEDED };
	g_autoptr(Card) old = NULL;

	if (card->replaces == NULL)
		return TRUE;
	old = store_card_get(tx, card->replaces, error);
	if (old == NULL)
		return FALSE;
	if (old->holder != card->holder || g_strcmp0(old->authority, card->authority) != 0)
		return TRUE;
	if (!cert_status_set(tx, op, old->number, &order, error))
		return FALSE;
	return (old->state != CARD_ACTIVE && old->state != CARD_PENDING) ||
	       end_old(tx, op, old, card, error);
}

static gboolean finish(Work *work, const HandOverRequest *request, const PinTrace *trace,
		       GError **error)
{
	Op *op = work->op;
	g_autoptr(StoreTx) tx = work_tx(work, error);
	g_autoptr(Certificate) certificate =
		tx != NULL ? find_certificate(tx, work->card, error) : NULL;
	CertStatusOrder valid = { .to = CERTIFICATE_VALID };
	CertStatusOrder held = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	Pin pin = { .state = PIN_SET, .changed_at = op->now };
	Record record = { .kind = lifecycle_event_name(EVENT_HAND_OVER),
			  .article = "T15",
			  .from = card_state_name(CARD_PENDING) };

	if (certificate == NULL || !supersede(tx, op, work->card, error))
		return FALSE;
	work->card->state = CARD_ACTIVE;
	g_free(work->card->lent_on);
	work->card->lent_on = clock_date(op->now);
	g_free(work->card->checked_on);
	work->card->checked_on = clock_date(op->now);
	g_free(work->card->place);
	work->card->place = g_strdup("所属の保管庫");
	if (!cert_status_set_one(tx, op, certificate, &valid, error) ||
	    (work->card->is_held && !cert_status_set(tx, op, work->card->number, &held, error)) ||
	    !store_card_put(tx, work->card, error) ||
	    !store_pin_put(tx, work->card->number, &pin, error) ||
	    !pin_history_forget(tx, work->card, error) ||
	    !pin_history_keep(tx, op, work->card, trace, error))
		return FALSE;
	record.extra = json_pack("{s:s, s:i, s:s*, s:s*}", "check", "良", "form", 4, "receivedBy",
				 request->received_by, "scan", request->scan);
	return record_card(tx, op, work->card, &record, error) &&
	       apply_card_handed_over(tx, op, work->card, error) &&
	       work_close(tx, work, "done", error) && cert_status_commit(op, &tx, error);
}

gboolean hand_over_card(Op *op, const HandOverRequest *request, GError **error)
{
	WorkRequest wanted = { .card = request->card,
			       .reader = request->reader,
			       .event = EVENT_HAND_OVER,
			       .kind = "hand-over" };
	g_auto(Work) work = { 0 };
	g_auto(PinTrace) trace = { 0 };
	g_autoptr(GError) cause = NULL;

	if (!work_open(&work, op, &wanted, error) || !check_journey(&work, error) ||
	    !pin_rule_check(op,
			    &(PinRuleRequest){ .card = work.card,
					       .holder = work.card->holder,
					       .desk = work.desk,
					       .pin = request->pin },
			    &trace, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("hand-over.begin");
	if (!begin(&work, error))
		return FALSE;
	FAILPOINT("hand-over.begun");
	if (!touch_card(&work, request, &cause) || !finish(&work, request, &trace, &cause)) {
		cert_status_forget(op);
		work_give_up(&work, "operation-failed", FALSE, cause);
		g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	FAILPOINT("hand-over.done");
	return !op->is_list_due || publish_now(op->house, op->now, error);
}
