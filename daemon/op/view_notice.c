/* SPDX-License-Identifier: Apache-2.0
 * The outbox as JSON. */
#include "daemon/op/view_notice.h"

#include "daemon/base/error.h"
#include "daemon/op/notice_text.h"

#define CHANNELS 3 /* rows one notice can have */

static const char *state_of(const OutboxDelivery *delivery)
{
	if (*delivery->channel == '\0')
		return "RECORDED";
	if (delivery->outcome != NULL)
		return delivery->outcome;
	return delivery->problem != NULL ? "RETRYING" : "WAITING";
}

static json_t *item_of(const OutboxDelivery *delivery)
{
	const OutboxNotice *notice = delivery->notice;
	g_auto(NoticeText) text = { NULL, NULL };
	json_t *item = json_pack("{s:I, s:s, s:s, s:o, s:o}", "id", (json_int_t) notice->id, "kind",
				 notice->kind, "to", notice->recipient, "about",
				 view_text(notice->about), "at", view_time(notice->at));

	notice_text_make(notice, FALSE, &text);
	json_object_set_new(item, "subject", json_string(text.subject));
	json_object_set_new(item, "channel",
			    view_text(*delivery->channel != '\0' ? delivery->channel : NULL));
	json_object_set_new(item, "state", json_string(state_of(delivery)));
	json_object_set_new(item, "tries", json_integer(delivery->tries));
	json_object_set_new(item, "problem", view_text(delivery->problem));
	json_object_set_new(item, "nextTry",
			    view_time(delivery->ended_at == 0 ? delivery->due : 0));
	json_object_set_new(item, "endedAt", view_time(delivery->ended_at));
	return item;
}

/* A page ends between two notices, never between two channels of one. */
static guint whole_notices(const GPtrArray *list, guint most)
{
	guint n = list->len;

	if (n <= most)
		return n;
	while (n > 0 && (n > most || ((OutboxDelivery *) list->pdata[n])->notice->id ==
					     ((OutboxDelivery *) list->pdata[n - 1])->notice->id))
		n--;
	return n;
}

json_t *view_notice_list(StoreTx *tx, OutboxWhich which, const char *after, int limit,
			 GError **error)
{
	guint most = (guint) MAX(view_limit(limit), CHANNELS);
	g_autofree char *next = NULL;
	g_autoptr(GPtrArray) list = NULL;
	guint64 before = 0;
	guint n;
	json_t *items;

	if (after != NULL && !g_ascii_string_to_unsigned(after, 10, 1, G_MAXINT64, &before, NULL)) {
		error_set(error, ERROR_USAGE, N_("after is no cursor of this list: \"%s\""), after);
		return NULL;
	}
	list = store_outbox_list(tx, which, (gint64) before, (int) most + 1, error);
	if (list == NULL)
		return NULL;
	items = json_array();
	n = whole_notices(list, most);
	for (guint i = 0; i < n; i++)
		json_array_append_new(items, item_of(list->pdata[i]));
	if (n < list->len)
		next = g_strdup_printf("%" G_GINT64_FORMAT,
				       ((OutboxDelivery *) list->pdata[n - 1])->notice->id);
	return view_page(items, next);
}
