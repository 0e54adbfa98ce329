/* SPDX-License-Identifier: Apache-2.0
 * Bounds and mark of an event that is entered afterwards. */
#include "daemon/op/back_entry.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/store/store_back_entry.h"

gboolean back_entry_check(StoreTx *tx, const Op *op, const Card *card, gint64 happened_at,
			  GError **error)
{
	g_autofree char *last_text = NULL;
	gint64 last;

	/* A spooled report was judged when it was taken. */
	if (happened_at == 0 || op->effective != 0)
		return TRUE;
	if (happened_at > op->now)
		return error_set(error, ERROR_USAGE, N_("the time it happened lies in the future"));
	if (!store_back_entry_last(tx, card->number, &last, error))
		return FALSE;
	last_text = clock_time(last);
	return happened_at >= last ||
	       error_set(error, ERROR_USAGE,
			 N_("card %s has an event of %s already: what is entered afterwards cannot "
			    "lie before it; enter the events in their order"),
			 card->number, last_text);
}

void back_entry_mark(Card *card, CardEvent event, gint64 happened_at)
{
	g_autofree char *old = g_steal_pointer(&card->note);
	g_autofree char *day = NULL;

	if (happened_at == 0) {
		card->note = g_steal_pointer(&old);
		return;
	}
	day = clock_date(happened_at);
	card->note = g_strdup_printf("%s%s%sを" BACK_ENTRY_MARK "（%s）", old != NULL ? old : "",
				     old != NULL && *old != '\0' ? "、" : "",
				     lifecycle_event_ja(event), day);
}
