/* SPDX-License-Identifier: Apache-2.0
 * 再発行 is an issue that names its predecessor. */
#include "daemon/op/reissue.h"

#include "daemon/base/error.h"
#include "daemon/op/apply_card.h"
#include "daemon/op/at_reader.h"
#include "daemon/op/issue.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_person.h"

gboolean reissue_is_replaceable(const Card *card)
{
	switch (card->state) {
	case CARD_PENDING:
	case CARD_ACTIVE:
	case CARD_RECALLED:
	case CARD_LOST:
	case CARD_STOLEN:
	case CARD_DAMAGED:
	case CARD_UNRECOVERABLE:
		return card->holder != 0;
	case CARD_RETURNED:
	case CARD_ERASED:
	case CARD_DISPOSED:
	case CARD_QUARANTINED:
		return card->holder != 0 && card->no_reuse;
	case CARD_STOCK:
	case CARD_SPARE:
	case CARD_PERSONALIZING:
	case CARD_SUSPENDED:
	case _CARD_STATE_MAX:
		break;
	}
	return FALSE;
}

static gboolean load_old(Op *op, const ReissueRequest *request, Card **ret_card,
			 Person **ret_holder, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(Card) old = tx != NULL ? store_card_get(tx, request->card, error) : NULL;

	if (old == NULL)
		return FALSE;
	if (!reissue_is_replaceable(old))
		return error_set(error, ERROR_STATE,
				 N_("card %s is %s: there is nothing to replace; use `opcardctl "
				    "issue`"),
				 old->number, card_state_label(card_shown(old)));
	if (request->application != NULL &&
	    !apply_card_check_reissue(tx, op, request->application, old, error))
		return FALSE;
	*ret_holder = store_person_by_id(tx, old->holder, error);
	if (*ret_holder == NULL)
		return FALSE;
	*ret_card = g_steal_pointer(&old);
	return TRUE;
}

gboolean reissue_card(Op *op, const ReissueRequest *request, char **ret_card, GError **error)
{
	g_autoptr(Card) old = NULL;
	g_autoptr(Person) holder = NULL;
	g_autofree char *new_card = g_strdup(request->new_card);

	if (!load_old(op, request, &old, &holder, error))
		return FALSE;
	if (new_card == NULL)
		new_card = at_reader_card(op->house, request->reader, error);
	if (new_card == NULL)
		return FALSE;
	IssueRequest issue = {
		.card = new_card,
		.staff = holder->staff,
		.authority = old->authority,
		.reader = request->reader,
		.replaces = old->number,
		.application = request->application,
		.reason = request->reason,
		.paper = request->paper,
	};

	if (!issue_card(op, &issue, error))
		return FALSE;
	*ret_card = g_steal_pointer(&new_card);
	return TRUE;
}
