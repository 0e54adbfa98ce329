/* SPDX-License-Identifier: Apache-2.0
 * The report chain of a loss. */
#include "daemon/op/loss_notice.h"

#include "daemon/base/clock.h"
#include "daemon/op/notice.h"
#include "daemon/op/notice_card.h"

static gboolean tell(StoreTx *tx, const Op *op, const Notice *notice, json_t *values,
		     GError **error)
{
	Notice one = *notice;

	one.values = json_incref(values);
	return notice_add(tx, op, &one, error);
}

gboolean loss_notice_add(StoreTx *tx, const Op *op, const Card *card, const LossNotice *loss,
			 GError **error)
{
	g_auto(NoticeCard) facts = { 0 };
	g_autofree char *at = clock_time(op->now);
	const char *kind = loss->case_id != NULL ? "loss" : "missing";
	Notice notice = { .kind = kind, .about = card->number };
	const char *to[] = { "role:system-admin", "role:chief", "role:custodian", NULL };
	gboolean is_told = TRUE;
	json_t *values;

	if (!notice_card_read(tx, card, &facts, error))
		return FALSE;
	to[3] = facts.manager;
	values = json_pack("{s:s, s:s*, s:s*, s:s, s:s, s:s*, s:s, s:s}", "card", card->number,
			   "holder", facts.holder, "section", facts.name, "event", loss->event,
			   "event_en", loss->event_en, "case", loss->case_id, "at", at, "by",
			   op->actor->id);
	for (gsize i = 0; is_told && i < G_N_ELEMENTS(to); i++) {
		notice.to = to[i];
		is_told = to[i] == NULL || tell(tx, op, &notice, values, error);
	}
	json_decref(values);
	return is_told;
}
