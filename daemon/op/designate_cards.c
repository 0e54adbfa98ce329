/* SPDX-License-Identifier: Apache-2.0
 * Cards of designations: recalled through table A like any other card. */
#include "daemon/op/designate_cards.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/recall.h"
#include "daemon/op/allow.h"
#include "daemon/op/effect.h"
#include "daemon/op/record.h"
#include "daemon/op/repair.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"

#define CARDS_MAX 100

/* Another designation that lets the card go on (row 23), or NULL. */
static gboolean find_other(const DesignateCards *cards, const Designation *designation,
			   Designation **ret_other, GError **error)
{
	g_autofree char *today = clock_date(cards->op->now);
	g_autoptr(GPtrArray) list =
		store_designation_list(cards->tx, NULL, designation->person, today, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Designation *row = list->pdata[i];

		if (person_is_designated(row, today) && strcmp(row->id, designation->id) != 0 &&
		    strcmp(row->authority, designation->authority) == 0) {
			*ret_other = g_ptr_array_steal_index(list, i);
			return TRUE;
		}
	}
	return list != NULL;
}

static void tell_unfinished(const DesignateCards *cards, const Card *card)
{
	import_result_tell(cards->result, cards->line,
			   N_("card %s is %s for that designation: take it back with `opcardctl "
			      "cancel %s`"),
			   card->number, card_state_label(card->state), card->number);
}

static gboolean look(const DesignateCards *cards, const Card *card, const Designation *other,
		     const char *from)
{
	g_autofree char *today = clock_date(cards->op->now);

	if (card->state == CARD_PENDING || card->state == CARD_PERSONALIZING)
		tell_unfinished(cards, card);
	if (card->state != CARD_ACTIVE)
		return FALSE;
	if (other != NULL) {
		import_result_tell(cards->result, cards->line,
				   N_("card %s stays in use, because section %s designates the "
				      "holder for the same authority: `opcardctl re-home %s "
				      "--section %s`"),
				   card->number, other->section, card->number, other->section);
		return FALSE;
	}
	if (strcmp(from, today) > 0) {
		import_result_tell(cards->result, cards->line, N_("card %s will be recalled on %s"),
				   card->number, from);
		return FALSE;
	}
	import_result_tell(cards->result, cards->line, N_("card %s (%s) is recalled"), card->number,
			   card_state_label(card_shown(card)));
	return TRUE;
}

static GPtrArray *cards_of(StoreTx *tx, gint64 person, GError **error)
{
	StoreCardFilter filter = { .holder = person, .limit = CARDS_MAX };

	return store_card_list(tx, &filter, error);
}

GPtrArray *designate_cards_to_recall(const DesignateCards *cards, const Person *person,
				     const Designation *designation, const char *from,
				     GError **error)
{
	g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) list = cards_of(cards->tx, person->id, error);
	g_autoptr(Designation) other = NULL;

	if (list == NULL || !find_other(cards, designation, &other, error))
		return NULL;
	for (guint i = 0; i < list->len; i++) {
		const Card *card = list->pdata[i];

		if (g_strcmp0(card->designation, designation->id) == 0 &&
		    look(cards, card, other, from))
			g_ptr_array_add(numbers, g_strdup(card->number));
	}
	return g_steal_pointer(&numbers);
}

gboolean designate_cards_recall(StoreTx *tx, Op *op, const char *number, GError **error)
{
	g_autoptr(Card) card = store_card_get(tx, number, error);
	AllowRequest question = { .card = card, .event = EVENT_RECALL };
	EffectFacts facts = { .reason = recall_name(RECALL_DESIGNATION_ENDED) };
	const LifecycleRule *rule;
	Record record = { .kind = lifecycle_event_name(EVENT_RECALL) };

	if (card == NULL)
		return FALSE;
	question.holder = card->holder;
	rule = allow_event(tx, op, &question, error);
	if (rule == NULL)
		return FALSE;
	record.article = rule->article;
	record.from = card_state_name(card_shown(card));
	if (!repair_overtake(tx, op, card->number, error) ||
	    !effect_apply(tx, op, card, EVENT_RECALL, &facts, error))
		return FALSE;
	card->state = rule->to;
	if (!store_card_put(tx, card, error))
		return FALSE;
	record.extra = json_pack("{s:s}", "reason", facts.reason);
	return record_card(tx, op, card, &record, error);
}

gboolean designate_cards_record(StoreTx *tx, const Op *op, const Designation *designation,
				GError **error)
{
	g_autoptr(GPtrArray) list = cards_of(tx, designation->person, error);
	Record record = { .kind = "designate", .article = "K02", .note = designation->id };

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Card *card = list->pdata[i];

		if (g_strcmp0(card->designation, designation->id) == 0 &&
		    !record_card(tx, op, card, &record, error))
			return FALSE;
	}
	return list != NULL;
}
