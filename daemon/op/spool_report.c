/* SPDX-License-Identifier: Apache-2.0
 * What was reported while the store could not be written. Whether a report is in the store already
 * is judged by the card, so a crash between the commit and the clearing does no harm. */
#include "daemon/op/spool_report.h"

#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/spool.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_hold.h"
#include "pkcs11/failpoint.h"

static gboolean is_report(CardEvent event)
{
	return event == EVENT_REPORT_LOST || event == EVENT_REPORT_STOLEN;
}

static void show_certificate(House *house, Certificate *certificate, const SpoolItem *item)
{
	if (certificate->state != CERTIFICATE_VALID && certificate->state != CERTIFICATE_HOLD)
		return;
	if (certificate->state == CERTIFICATE_HOLD && !item->may_revoke)
		return;
	if (certificate->state == CERTIFICATE_VALID)
		certificate->since = item->at;
	certificate->state = item->may_revoke ? CERTIFICATE_REVOKED : CERTIFICATE_HOLD;
	certificate->reason = item->may_revoke ? REVOCATION_KEY_COMPROMISE : REVOCATION_HOLD;
	cert_status_show(house, certificate, item->may_revoke ? item->occurred_at : 0);
}

/* Into the index; the published list follows with the store. */
static gboolean show_card(House *house, StoreTx *tx, const SpoolItem *item, GError **error)
{
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, item->card, error);

	for (guint i = 0; list != NULL && i < list->len; i++)
		show_certificate(house, list->pdata[i], item);
	return list != NULL;
}

static gboolean judge(StoreTx *tx, const Op *op, const MoveRequest *request, SpoolItem *item,
		      GError **error)
{
	g_autoptr(Card) card = store_card_get(tx, request->card, error);
	const LifecycleRule *rule =
		card != NULL ? lifecycle_find(card_shown(card), request->event) : NULL;

	if (rule == NULL)
		return card != NULL && error_set(error, ERROR_STATE, N_("card %s is %s already"),
						 card->number, card_state_label(card_shown(card)));
	return allow_role(tx, op, card, rule->roles, &item->may_revoke, error);
}

static gboolean take(Op *op, const MoveRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(GError) nowhere = NULL;
	const EffectFacts *facts = &request->facts;
	SpoolItem item = {
		.card = (char *) request->card,
		.event = request->event,
		.actor = op->actor->id,
		.at = op->now,
		.occurred_at = facts->occurred_at,
		.noticed_at = facts->noticed_at,
		.reported_by = (char *) facts->reported_by,
		.via = (char *) facts->via,
		.note = (char *) facts->note,
		.police_report = (char *) facts->police_report,
	};
	gboolean is_kept;

	if (tx == NULL || !judge(tx, op, request, &item, error))
		return FALSE;
	is_kept = spool_put(op->house->spool, &item, &nowhere);
	if (!show_card(op->house, tx, &item, error))
		return FALSE;
	FAILPOINT("spool.shown");
	return is_kept ||
	       error_set(
		       error, ERROR_PARTLY,
		       N_("card %s is refused from now on, but the report could be written nowhere "
			  "(%s): write it down, and report it again if opcardd ends before it can "
			  "write"),
		       request->card, nowhere->message);
}

gboolean spool_report_move(Op *op, const MoveRequest *request, MoveOutcome *ret_outcome,
			   char **ret_confirmation, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autoptr(GError) other = NULL;

	if (FAILPOINT("spool.refused") != 0)
		error_set(&cause, ERROR_STORE, "injected failure of a commit");
	else if (move_card(op, request, ret_outcome, ret_confirmation, &cause))
		return TRUE;
	if (!is_report(request->event) || op->is_dry_run ||
	    !g_error_matches(cause, ERROR_DOMAIN, ERROR_STORE)) {
		g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	if (take(op, request, &other)) {
		*ret_outcome = MOVE_SPOOLED;
		return TRUE;
	}
	g_propagate_error(error, g_error_matches(other, ERROR_DOMAIN, ERROR_PARTLY)
					 ? g_steal_pointer(&other)
					 : g_steal_pointer(&cause));
	return FALSE;
}

gboolean spool_report_apply(House *house, GError **error)
{
	g_autoptr(GPtrArray) items = spool_list(house->spool);
	g_autoptr(StoreTx) tx = items->len > 0 ? store_tx_read(house->store, error) : NULL;

	for (guint i = 0; i < items->len; i++)
		if (tx == NULL || !show_card(house, tx, items->pdata[i], error))
			return FALSE;
	return TRUE;
}

/* A hold that is open already, or a card that is lost already, was reported before. */
static gboolean is_in_store(House *house, const SpoolItem *item, gboolean *ret_is, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, item->card, error) : NULL;
	g_autoptr(GPtrArray) holds =
		card != NULL ? store_hold_of_card(tx, item->card, error) : NULL;

	if (holds == NULL)
		return FALSE;
	*ret_is = lifecycle_find(card_shown(card), item->event) == NULL;
	for (guint i = 0; !item->may_revoke && i < holds->len; i++)
		if (((const Hold *) holds->pdata[i])->reason == HOLD_MISSING)
			*ret_is = TRUE;
	return TRUE;
}

static gboolean bring(House *house, const SpoolItem *item, gint64 now, GError **error)
{
	const Actor actor = { .id = item->actor,
			      .name = item->actor,
			      .roles = item->may_revoke ? ROLE_SET(ROLE_DAEMON) : 0 };
	MoveRequest request = {
		.card = item->card,
		.event = item->event,
		.facts = { .reported_by = item->reported_by,
			   .via = item->via,
			   .police_report = item->police_report,
			   .note = item->note,
			   .occurred_at = item->occurred_at,
			   .noticed_at = item->noticed_at,
			   .happened_at = item->at },
	};
	g_auto(Op) op = { 0 };
	g_autofree char *ignored = NULL;
	g_autoptr(GError) cause = NULL;
	MoveOutcome outcome;

	op_init(&op, house, &actor, now);
	op.effective = item->at;
	if (move_card(&op, &request, &outcome, &ignored, &cause) ||
	    g_error_matches(cause, ERROR_DOMAIN, ERROR_PARTLY))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&cause));
	return FALSE;
}

static gboolean replay_one(House *house, const SpoolItem *item, gint64 now, GError **error)
{
	gboolean is_there = FALSE;

	if (!is_in_store(house, item, &is_there, error) ||
	    (!is_there && !bring(house, item, now, error)))
		return FALSE;
	FAILPOINT("spool.replayed");
	return spool_clear(house->spool, item->slot, error);
}

gboolean spool_report_replay(House *house, gint64 now, GError **error)
{
	g_autoptr(GPtrArray) items = spool_list(house->spool);
	g_autoptr(GError) last = NULL;

	/* One that is refused keeps its place and does not keep the others back. */
	for (guint i = 0; i < items->len; i++) {
		g_autoptr(GError) one = NULL;

		if (replay_one(house, items->pdata[i], now, &one))
			continue;
		g_clear_error(&last);
		last = g_steal_pointer(&one);
	}
	if (last == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&last));
	return FALSE;
}
