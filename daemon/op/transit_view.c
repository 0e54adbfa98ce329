/* SPDX-License-Identifier: Apache-2.0
 * Journeys and places as JSON. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/op/transit.h"
#include "daemon/op/view.h"

json_t *transit_view(StoreTx *tx, const Op *op, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(GPtrArray) list = store_transit_list(tx, NULL, VIEW_LIMIT_MAX, error);
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < list->len; i++) {
		const Transit *row = list->pdata[i];

		json_array_append_new(items,
				      json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:b}", "card",
						row->card, "leg", row->leg, "to", row->goal, "seal",
						row->seal, "due", row->due, "sentAt",
						view_time(row->sent_at), "sentBy", row->sent_by,
						"overdue", strcmp(row->due, today) < 0));
	}
	return view_page(items, NULL);
}

json_t *transit_view_places(StoreTx *tx, GError **error)
{
	g_autoptr(GPtrArray) list = store_transit_places(tx, error);
	const char *place = NULL;
	json_t *items, *item = NULL;
	gint64 cards = 0;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < list->len; i++) {
		const PlaceCount *row = list->pdata[i];

		if (g_strcmp0(place, row->place) != 0) {
			cards = 0;
			item = json_pack("{s:s, s:{}}", "place", row->place, "states");
			json_array_append_new(items, item);
		}
		place = row->place;
		cards += row->cards;
		json_object_set_new(item, "cards", json_integer((json_int_t) cards));
		json_object_set_new(json_object_get(item, "states"), row->state,
				    json_integer((json_int_t) row->cards));
	}
	return view_page(items, NULL);
}
