/* SPDX-License-Identifier: Apache-2.0
 * Measuring refusals. Only differences of the monotonic clock are added to the request's own time,
 * so that a clock that is set meanwhile spoils nothing. */
#include "daemon/op/refusal.h"

#include "daemon/op/publish.h"
#include "daemon/op/view.h"
#include "daemon/store/store_certificate.h"

gboolean refusal_held_since(StoreTx *tx, const Card *card, gint64 *ret_since, GError **error)
{
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, card->number, error);
	const Certificate *last = list != NULL && list->len > 0 ? list->pdata[0] : NULL;

	if (last != NULL && (last->state == CERTIFICATE_HOLD || last->state == CERTIFICATE_REVOKED))
		*ret_since = last->since;
	return list != NULL;
}

gboolean refusal_open(StoreTx *tx, Op *op, const RefusalFacts *facts, GError **error)
{
	Refusal row = {
		.event = (char *) facts->event,
		.card = (char *) facts->card,
		.scope = (char *) facts->scope,
		.noticed_at = facts->noticed_at != 0 ? facts->noticed_at : op->now,
		.asked_at = op->now,
		.refused_at = facts->held_since,
		.listed_ms = -1,
		.cards = facts->cards,
	};

	if (!store_refusal_open(tx, &row, &row.id, error))
		return FALSE;
	if (facts->held_since != 0)
		return store_refusal_close(tx, &row, error);
	op->refusal = row.id;
	return TRUE;
}

static gint64 elapsed_ms(const Op *op)
{
	return (g_get_monotonic_time() - op->started) / 1000;
}

/* What cannot be written now is written by refusal_repair(). */
static void write_down(const Op *op, gint64 refused_ms, gint64 listed_ms)
{
	g_autoptr(GError) later = NULL;
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_LAZY, &later);
	Refusal row = {
		.id = op->refusal,
		.refused_at = op->now + (refused_ms + 999) / 1000,
		.refused_ms = refused_ms,
		.listed_ms = listed_ms,
	};

	if (tx == NULL || !store_refusal_close(tx, &row, &later) || !store_tx_commit(&tx, &later))
		g_debug("the time of a refusal is not written down: %s", later->message);
}

gboolean refusal_finish(Op *op, GError **error)
{
	gint64 refused_ms = elapsed_ms(op);
	gboolean is_listed = !op->is_list_due || publish_now(op->house, op->now, error);

	if (op->refusal != 0)
		write_down(op, refused_ms, is_listed ? elapsed_ms(op) : -1);
	op->refusal = 0;
	return is_listed;
}

void refusal_repair(House *house, gint64 now)
{
	g_autoptr(GError) later = NULL;
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, &later);

	if (tx == NULL || !store_refusal_close_left(tx, now, &later) ||
	    !store_tx_commit(&tx, &later))
		g_debug("times of refusals are left open: %s", later->message);
}

gint64 refusal_seconds(const Refusal *refusal)
{
	return refusal->refused_at == 0 ? -1 : MAX(0, refusal->refused_at - refusal->noticed_at);
}

static json_t *number_or_null(gint64 number)
{
	return number < 0 ? json_null() : json_integer((json_int_t) number);
}

static json_t *item_of(const Refusal *row)
{
	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "id",
			 (json_int_t) row->id, "event", row->event, "card", view_text(row->card),
			 "scope", view_text(row->scope), "noticedAt", view_time(row->noticed_at),
			 "refusedAt", view_time(row->refused_at), "seconds",
			 number_or_null(refusal_seconds(row)), "refusedMilliseconds",
			 number_or_null(row->refused_ms), "listedMilliseconds",
			 number_or_null(row->listed_ms), "cards", (json_int_t) row->cards);
}

json_t *refusal_view(StoreTx *tx, const char *before, int limit, GError **error)
{
	guint most = (guint) view_limit(limit);
	gint64 below = before != NULL ? g_ascii_strtoll(before, NULL, 10) : 0;
	g_autoptr(GPtrArray) list = store_refusal_list(tx, below, (int) most + 1, error);
	g_autofree char *next = NULL;
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, most); i++)
		json_array_append_new(items, item_of(list->pdata[i]));
	if (list->len > most)
		next = g_strdup_printf("%" G_GINT64_FORMAT,
				       ((const Refusal *) list->pdata[most - 1])->id);
	return view_page(items, next);
}
