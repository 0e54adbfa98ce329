/* SPDX-License-Identifier: Apache-2.0
 * Duties, cases and open questions as JSON. */
#include "daemon/op/view_duty.h"

#include "daemon/op/refusal.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_request.h"

static json_t *duty_of(const Duty *duty)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "id", duty->id, "card",
			 duty->card, "kind", duty->kind, "owner", duty->owner_post, "reason",
			 duty->reason, "due", duty->due, "openedOn", view_date(duty->opened_at),
			 "closedOn", view_date(duty->closed_at));
}

json_t *view_duty_list(StoreTx *tx, gboolean is_all, const char *after, int limit, GError **error)
{
	guint most = (guint) view_limit(limit);
	g_autoptr(GPtrArray) list = store_duty_list(tx, is_all, after, (int) most + 1, error);
	g_autofree char *next = NULL;
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, most); i++)
		json_array_append_new(items, duty_of(list->pdata[i]));
	if (list->len > most) {
		const Duty *last = list->pdata[most - 1];

		next = is_all ? g_strdup(last->id) : g_strconcat(last->due, "/", last->id, NULL);
	}
	return view_page(items, next);
}

/* T24, N30: how long the card could still be used after somebody knew. */
static gboolean add_refusal(StoreTx *tx, const CaseFile *file, json_t *object, GError **error)
{
	g_autoptr(Refusal) refusal = NULL;
	gint64 seconds = -1;

	if (!store_refusal_of_card(tx, file->card, file->opened_at, &refusal, error))
		return FALSE;
	if (refusal != NULL && refusal->refused_at != 0) {
		seconds = refusal_seconds(refusal);
		json_object_set_new(object, "refusedAt", view_time(refusal->refused_at));
	}
	json_object_set_new(object, "seconds",
			    seconds < 0 ? json_null() : json_integer((json_int_t) seconds));
	return TRUE;
}

static json_t *case_of(StoreTx *tx, const CaseFile *file, GError **error)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", file->id, "card", file->card,
				   "kind", file->kind, "openedOn", view_date(file->opened_at),
				   "closedOn", view_date(file->closed_at));

	json_object_set_new(object, "occurredAt", view_time(file->occurred_at));
	json_object_set_new(object, "noticedAt", view_time(file->noticed_at));
	json_object_set_new(object, "refusedAt", view_time(file->refused_at));
	json_object_set_new(object, "reportedBy", view_text(file->reported_by));
	json_object_set_new(object, "via", view_text(file->via));
	json_object_set_new(object, "policeReport", view_text(file->police_report));
	json_object_set_new(object, "measure", view_text(file->measure));
	json_object_set_new(object, "note", view_text(file->note));
	if (add_refusal(tx, file, object, error))
		return object;
	json_decref(object);
	return NULL;
}

json_t *view_duty_cases(StoreTx *tx, const char *after, int limit, GError **error)
{
	guint most = (guint) view_limit(limit);
	g_autoptr(GPtrArray) list = store_duty_case_list(tx, after, (int) most + 1, error);
	const char *next = NULL;
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, most); i++) {
		json_t *item = case_of(tx, list->pdata[i], error);

		if (item == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	if (list->len > most)
		next = ((const CaseFile *) list->pdata[most - 1])->id;
	return view_page(items, next);
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
