/* SPDX-License-Identifier: Apache-2.0
 * Duties, cases and open questions as JSON. */
#include "daemon/op/view_duty.h"

#include "daemon/base/clock.h"
#include "daemon/op/notice_card.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_outbox.h"
#include "daemon/store/store_request.h"

#define DAY 86400

/* The reminders and how late it is, as a list and as a page of its own. */
static json_t *duty_of(StoreTx *tx, const Duty *duty, gint64 now, GError **error)
{
	g_autofree char *today = clock_date(now);
	gint64 late = (clock_day_start(today) - clock_day_start(duty->due)) / DAY;
	gint64 reminders = 0, escalations = 0, last = 0, last_escalation = 0;
	g_autoptr(Card) card = store_card_get(tx, duty->card, error);
	g_auto(NoticeCard) facts = { 0 };
	json_t *object;

	if (card == NULL || (duty->closed_at == 0 && !notice_card_read(tx, card, &facts, error)) ||
	    !store_outbox_reminders(tx, duty->id, "remind-", &reminders, &last, error) ||
	    !store_outbox_reminders(tx, duty->id, "escalate-", &escalations, &last_escalation,
				    error))
		return NULL;
	object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "id", duty->id, "card",
			   duty->card, "kind", duty->kind, "owner", duty->owner_post, "reason",
			   duty->reason, "due", duty->due, "openedOn", view_date(duty->opened_at),
			   "closedOn", view_date(duty->closed_at));
	json_object_set_new(object, "section", view_text(duty->section));
	json_object_set_new(object, "holder", view_text(facts.holder));
	json_object_set_new(object, "daysOverdue",
			    json_integer(duty->closed_at == 0 ? MAX(late, 0) : 0));
	json_object_set_new(object, "reminders", json_integer(reminders));
	json_object_set_new(object, "escalations", json_integer(escalations));
	json_object_set_new(object, "remindedOn", view_date(MAX(last, last_escalation)));
	return object;
}

json_t *view_duty_list(StoreTx *tx, const Op *op, const StoreDutyFilter *wanted, GError **error)
{
	guint most = (guint) view_limit(wanted->limit);
	StoreDutyFilter filter = *wanted;
	g_autoptr(GPtrArray) list = NULL;
	g_autofree char *next = NULL;
	json_t *items;

	filter.limit = (int) most + 1;
	list = store_duty_list(tx, &filter, error);
	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, most); i++) {
		json_t *item = duty_of(tx, list->pdata[i], op->now, error);

		if (item == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	if (list->len > most) {
		const Duty *last = list->pdata[most - 1];

		next = filter.is_all ? g_strdup(last->id)
				     : g_strconcat(last->due, "/", last->id, NULL);
	}
	return view_page(items, next);
}

json_t *view_duty_one(StoreTx *tx, const Op *op, const Duty *duty, GError **error)
{
	return duty_of(tx, duty, op->now, error);
}

json_t *view_duty_confirmations(StoreTx *tx, gint64 now, GError **error)
{
	g_autoptr(GPtrArray) list = store_request_open(tx, now, error);
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < list->len; i++) {
		const Confirmation *asked = list->pdata[i];
		g_autofree char *name = view_actor(tx, asked->by, error);
		gboolean is_endless = asked->expires == CONFIRMATION_NEVER;

		if (name == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items,
				      json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:o}", "id",
						asked->id, "event", asked->event, "card",
						view_text(asked->card), "by", asked->by, "byName",
						name, "at", view_time(asked->at), "expires",
						view_time(is_endless ? 0 : asked->expires)));
	}
	return view_page(items, NULL);
}
