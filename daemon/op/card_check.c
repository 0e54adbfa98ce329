/* SPDX-License-Identifier: Apache-2.0
 * カードチェック. */
#include "daemon/op/card_check.h"

#include "daemon/base/clock.h"
#include "daemon/op/work.h"
#include "daemon/store/store_card.h"

gboolean card_check(Op *op, const char *card, const char *reader, GError **error)
{
	WorkRequest wanted = { .card = card,
			       .reader = reader,
			       .event = _CARD_EVENT_MAX,
			       .kind = "check",
			       .roles = ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SECTION_MANAGER) };
	g_auto(Work) work = { 0 };
	g_autoptr(StoreTx) tx = NULL;
	Record record = { .kind = "card-check", .article = "T48" };

	if (!work_open(&work, op, &wanted, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	tx = work_tx(&work, error);
	if (tx == NULL)
		return FALSE;
	g_free(work.card->checked_on);
	work.card->checked_on = clock_date(op->now);
	return store_card_put(tx, work.card, error) &&
	       record_card(tx, op, work.card, &record, error) && store_tx_commit(&tx, error);
}
