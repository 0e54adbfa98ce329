/* SPDX-License-Identifier: Apache-2.0
 * 任期満了・契約満了. */
#include "daemon/op/term.h"

#include "daemon/base/clock.h"
#include "daemon/core/recall.h"
#include "daemon/op/move.h"
#include "daemon/store/store_card.h"

#define BATCH 20

static GPtrArray *find_due(House *house, gint64 now, GError **error)
{
	g_autofree char *today = clock_date(now);
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);

	return tx != NULL ? store_card_of_ended_terms(tx, today, BATCH, error) : NULL;
}

static gboolean recall(House *house, const char *card, gint64 now, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autofree char *ignored = NULL;
	MoveOutcome outcome;
	MoveRequest request = {
		.card = card,
		.event = EVENT_RECALL,
		.facts = { .reason = recall_name(RECALL_CONTRACT_END) },
	};

	op_init(&op, house, op_daemon_actor(), now);
	return move_card(&op, &request, &outcome, &ignored, error);
}

gboolean term_recall_due(House *house, gint64 now, guint *ret_recalled, GError **error)
{
	guint recalled = 0, found = BATCH;

	while (found == BATCH) {
		g_autoptr(GPtrArray) cards = find_due(house, now, error);

		if (cards == NULL)
			return FALSE;
		found = cards->len;
		for (guint i = 0; i < cards->len; i++, recalled++)
			if (!recall(house, cards->pdata[i], now, error))
				return FALSE;
	}
	*ret_recalled = recalled;
	return TRUE;
}
