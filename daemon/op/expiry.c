/* SPDX-License-Identifier: Apache-2.0
 * The coming wave of renewals. */
#include "daemon/op/expiry.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/responder.h"
#include "daemon/op/view_card.h"

#define COUNT_MAX 10000

static const int days[_EXPIRY_STEP_MAX] = {
	[EXPIRY_ENDED] = 0,
	[EXPIRY_30] = 30,
	[EXPIRY_60] = 60,
	[EXPIRY_90] = 90,
};

int expiry_days(ExpiryStep step)
{
	return days[step];
}

ExpiryStep expiry_step(gint64 end, gint64 now)
{
	ExpiryStep step = EXPIRY_ENDED;

	while (step < _EXPIRY_STEP_MAX && end >= now + (gint64) days[step] * EXPIRY_DAY)
		step++;
	return step;
}

gboolean expiry_count(StoreTx *tx, const Op *op, ExpiryCounts *ret_counts, GError **error)
{
	StoreExpiryFilter filter = {
		.until = op->now + (gint64) days[EXPIRY_90] * EXPIRY_DAY,
		.limit = COUNT_MAX + 1,
	};
	g_autoptr(GPtrArray) list = store_expiry_list(tx, &filter, error);
	ExpiryCounts counts = { { 0 } };

	if (list == NULL)
		return FALSE;
	counts.is_more = list->len > COUNT_MAX;
	for (guint i = 0; i < MIN(list->len, COUNT_MAX); i++) {
		const StoreExpiry *expiry = list->pdata[i];

		for (ExpiryStep step = expiry_step(expiry->not_after, op->now);
		     step < _EXPIRY_STEP_MAX; step++)
			counts.cards[step]++;
		if (counts.next == 0 && expiry->not_after >= op->now)
			counts.next = expiry->not_after;
	}
	*ret_counts = counts;
	return TRUE;
}

json_t *expiry_view(const ExpiryCounts *counts)
{
	return json_pack("{s:i, s:i, s:i, s:i}", "ended", (int) counts->cards[EXPIRY_ENDED],
			 "within30", (int) counts->cards[EXPIRY_30], "within60",
			 (int) counts->cards[EXPIRY_60], "within90",
			 (int) counts->cards[EXPIRY_90]);
}

gboolean expiry_responder_is_late(House *house, gint64 now)
{
	gint64 end = responder_end(house);

	return end < now + (OCSP_RESPONDER_RENEW_DAYS - 1) * EXPIRY_DAY;
}

/* "1798761599.OP000123" */
static gboolean read_cursor(const char *after, StoreExpiryFilter *filter, GError **error)
{
	char *end = NULL;
	gint64 at;

	if (after == NULL)
		return TRUE;
	at = g_ascii_strtoll(after, &end, 10);
	if (end == after || *end != '.' || at < 0)
		return error_set(error, ERROR_USAGE, N_("after is no cursor of this list: \"%s\""),
				 after);
	filter->after_end = at;
	filter->after_card = end + 1;
	return TRUE;
}

static json_t *view_one(StoreTx *tx, const Op *op, const char *number, GError **error)
{
	g_autoptr(Card) card = store_card_get(tx, number, error);

	return card != NULL ? view_card(tx, op, card, error) : NULL;
}

json_t *expiry_list(StoreTx *tx, const Op *op, StoreExpiryFilter *filter, const char *after,
		    GError **error)
{
	guint limit = (guint) view_limit(filter->limit);
	g_autoptr(GPtrArray) list = NULL;
	g_autofree char *next = NULL;
	json_t *items;

	filter->limit = (int) limit + 1;
	if (!read_cursor(after, filter, error))
		return NULL;
	list = store_expiry_list(tx, filter, error);
	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, limit); i++) {
		const StoreExpiry *expiry = list->pdata[i];
		json_t *item = view_one(tx, op, expiry->card, error);

		if (item == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
		if (i + 1 == limit && list->len > limit)
			next = g_strdup_printf("%" G_GINT64_FORMAT ".%s", expiry->not_after,
					       expiry->card);
	}
	return view_page(items, next);
}
