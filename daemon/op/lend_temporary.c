/* SPDX-License-Identifier: Apache-2.0
 * 臨時カード: suspend the card left at home, issue, hand over; the certificate itself ends with
 * the day. */
#include "daemon/op/lend_temporary.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/hand_over.h"
#include "daemon/op/issue.h"
#include "daemon/op/pin_rule.h"
#include "daemon/op/record.h"
#include "daemon/op/standing.h"
#include "daemon/op/suspend.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_person.h"

/* The holder's own card in use, whose authority the temporary one gets. */
static gboolean find_own(Op *op, const char *staff, Card **ret_own, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(Person) person = tx != NULL ? store_person_get(tx, staff, error) : NULL;
	g_autoptr(GPtrArray) cards =
		person != NULL ? store_card_of_holder(tx, person->id, error) : NULL;

	for (guint i = 0; cards != NULL && i < cards->len; i++) {
		const Card *card = cards->pdata[i];

		if (card->state == CARD_ACTIVE && g_strcmp0(card->kind, "temporary") != 0) {
			*ret_own = g_ptr_array_steal_index(cards, i);
			return TRUE;
		}
	}
	if (cards != NULL)
		error_set(error, ERROR_RULE,
			  N_("%s has no card in use; a temporary card only stands in for one"),
			  staff);
	return FALSE;
}

/* A stop for any other reason would be walked around by a temporary card. */
static gboolean check_holds(Op *op, const Card *own, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(GPtrArray) holds = tx != NULL ? store_hold_of_card(tx, own->number, error) : NULL;

	for (guint i = 0; holds != NULL && i < holds->len; i++) {
		const HoldRule *rule = hold_rule(((Hold *) holds->pdata[i])->reason);

		if (rule != hold_rule(HOLD_FORGOTTEN))
			return error_set(error, ERROR_RULE,
					 N_("card %s is suspended for %s (%s): a temporary card "
					    "only stands in for one that was forgotten"),
					 own->number, rule->name, rule->ja);
	}
	return holds != NULL;
}

/* Row 25: the section lends on a standing approval. */
static gboolean check_approval(const Op *op, const Card *own, char **ret_approval, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);

	return tx != NULL && standing_check(tx, op, own->designation, ret_approval, error);
}

static gint64 end_of_day(gint64 now)
{
	g_autofree char *today = clock_date(now);

	return clock_day_start(today) + 86399;
}

/* Before a card is made for a PIN that would be refused at the end. */
static gboolean check_pin(const Op *op, const LendRequest *request, gint64 holder, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;
	PinRuleRequest asked = { .card = card, .holder = holder, .pin = request->pin };

	g_clear_pointer(&tx, store_tx_abort);
	return card != NULL && pin_rule_check(op, &asked, NULL, error);
}

gboolean lend_temporary(Op *op, const LendRequest *request, GError **error)
{
	g_autoptr(Card) own = NULL;
	g_autofree char *approval = NULL;

	if (!find_own(op, request->staff, &own, error) || !check_holds(op, own, error) ||
	    !check_approval(op, own, &approval, error) ||
	    !check_pin(op, request, own->holder, error))
		return FALSE;
	SuspendRequest hold = { .card = own->number,
				.reason = HOLD_FORGOTTEN,
				.note = request->card };
	IssueRequest issue = {
		.card = request->card,
		.staff = request->staff,
		.authority = own->authority,
		.reader = request->reader,
		.application = approval,
		.is_temporary = TRUE,
		.not_after = end_of_day(op->now),
	};
	HandOverRequest hand_over = { .card = request->card,
				      .reader = request->reader,
				      .pin = request->pin };

	if (!issue_card(op, &issue, error))
		return FALSE;
	if (!own->is_held && !suspend_card(op, &hold, error))
		return FALSE;
	return op->is_dry_run || hand_over_card(op, &hand_over, error);
}

/* FALSE with ERROR_NOT_FOUND: it was not suspended for that. */
static gboolean resume_own(StoreTx *tx, Op *op, Card *own, const Card *temporary, GError **error)
{
	Record record = { .kind = lifecycle_event_name(EVENT_RESUME),
			  .article = hold_rule(HOLD_FORGOTTEN)->article,
			  .from = card_state_name(card_shown(own)),
			  .note = temporary->number };

	if (!suspend_lift(tx, op, own, HOLD_FORGOTTEN, error) || !store_card_put(tx, own, error))
		return FALSE;
	record.extra = json_pack("{s:s}", "reason", hold_rule(HOLD_FORGOTTEN)->name);
	return record_card(tx, op, own, &record, error);
}

gboolean lend_temporary_returned(StoreTx *tx, Op *op, const Card *card, GError **error)
{
	g_autoptr(GPtrArray) cards = NULL;

	if (g_strcmp0(card->kind, "temporary") != 0 || card->holder == 0)
		return TRUE;
	cards = store_card_of_holder(tx, card->holder, error);
	for (guint i = 0; cards != NULL && i < cards->len; i++) {
		Card *own = cards->pdata[i];
		g_autoptr(GError) none = NULL;

		if (own->state == CARD_ACTIVE && own->is_held &&
		    !resume_own(tx, op, own, card, &none) &&
		    !g_error_matches(none, ERROR_DOMAIN, ERROR_NOT_FOUND)) {
			g_propagate_error(error, g_steal_pointer(&none));
			return FALSE;
		}
	}
	return cards != NULL;
}
