/* SPDX-License-Identifier: Apache-2.0
 * Rounds as JSON. */
#include "daemon/base/error.h"
#include "daemon/op/check_round.h"
#include "daemon/op/view.h"
#include "daemon/store/store_card.h"

static json_t *item_of(const CheckRound *round)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:I, s:I, s:I}", "id", round->id,
			 "section", round->section, "sectionName", round->section_name, "due",
			 round->due, "openedOn", view_date(round->opened_at), "openedBy",
			 round->opened_by, "closedOn", view_date(round->closed_at), "cards",
			 (json_int_t) round->cards, "seen", (json_int_t) round->seen, "held",
			 (json_int_t) round->held);
}

json_t *check_round_list(StoreTx *tx, const char *section, const char *before, int limit,
			 GError **error)
{
	guint most = (guint) view_limit(limit);
	g_autoptr(GPtrArray) list = store_round_list(tx, section, before, (int) most + 1, error);
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, most); i++)
		json_array_append_new(items, item_of(list->pdata[i]));
	return view_page(items, list->len > most ? ((const CheckRound *) list->pdata[most - 1])->id
						 : NULL);
}

static json_t *card_of(StoreTx *tx, const CheckRoundCard *row, GError **error)
{
	g_autoptr(Card) card = store_card_get(tx, row->card, error);
	g_autoptr(Person) holder = card != NULL && card->holder != 0
					   ? store_person_by_id(tx, card->holder, error)
					   : NULL;

	if (card == NULL || (card->holder != 0 && holder == NULL))
		return NULL;
	return json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "card", row->card, "state",
			 card_state_name(card_shown(card)), "holder",
			 view_text(holder != NULL ? holder->name : NULL), "place", card->place,
			 "checkedAt", view_time(row->seen_at), "checkedBy", view_text(row->seen_by),
			 "proof", view_text(row->proof), "heldAt", view_time(row->held_at));
}

json_t *check_round_view(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(CheckRound) round = store_round_get(tx, id, error);
	g_autoptr(GPtrArray) cards = round != NULL ? store_round_cards(tx, id, error) : NULL;
	g_autoptr(GPtrArray) missing = cards != NULL ? check_round_missing(tx, id, error) : NULL;
	json_t *object, *items, *waiting;

	if (missing == NULL)
		return NULL;
	object = item_of(round);
	items = json_array();
	waiting = json_array();
	json_object_set_new(object, "items", items);
	json_object_set_new(object, "missing", waiting);
	for (guint i = 0; i < missing->len; i++)
		json_array_append_new(waiting, json_string(missing->pdata[i]));
	for (guint i = 0; i < cards->len; i++) {
		json_t *item = card_of(tx, cards->pdata[i], error);

		if (item == NULL) {
			json_decref(object);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	return object;
}
