/* SPDX-License-Identifier: Apache-2.0
 * Looks at cards one by one, and at no more than a few: who has to go on asks again, and asking is
 * limited. */
#include "daemon/op/lookup.h"

#include "daemon/base/error.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_person.h"

#define LOOKED_AT_MAX 20

static gboolean is_reportable(const Card *card)
{
	return card->holder != 0 && lifecycle_find(card_shown(card), EVENT_REPORT_LOST) != NULL;
}

static json_t *describe(StoreTx *tx, const Card *card, GError **error)
{
	g_autoptr(Person) person = store_person_by_id(tx, card->holder, error);
	g_autoptr(Designation) designation = NULL;

	if (person == NULL)
		return NULL;
	if (card->designation != NULL) {
		designation = store_designation_get(tx, card->designation, error);
		if (designation == NULL)
			return NULL;
	}
	return json_pack("{s:s, s:s, s:s?, s:s?}", "card", card->number, "name", person->name,
			 "section", designation != NULL ? designation->section : person->section,
			 "sectionName", designation != NULL ? designation->section_name : NULL);
}

/* *ret_card is the first that fits; *ret_last the last one looked at, NULL when there are no more.
 */
static gboolean find(StoreTx *tx, StoreCardFilter *filter, Card **ret_card, char **ret_last,
		     GError **error)
{
	g_autofree char *last = NULL;

	for (int i = 0; i < LOOKED_AT_MAX; i++) {
		g_autoptr(GPtrArray) list = store_card_list(tx, filter, error);
		Card *card;

		if (list == NULL)
			return FALSE;
		if (list->len == 0)
			return TRUE;
		card = list->pdata[0];
		g_free(last);
		last = g_strdup(card->number);
		filter->after = last;
		if (is_reportable(card)) {
			*ret_card = g_ptr_array_steal_index(list, 0);
			break;
		}
	}
	*ret_last = g_steal_pointer(&last);
	return TRUE;
}

json_t *lookup_next(StoreTx *tx, const char *part, const char *after, GError **error)
{
	StoreCardFilter filter = { .part = part, .after = after, .limit = 1 };
	g_autoptr(Card) card = NULL;
	g_autofree char *last = NULL;
	json_t *match;

	if (part == NULL || g_utf8_strlen(part, -1) < LOOKUP_PART_MIN) {
		error_set(error, ERROR_USAGE,
			  N_("give at least %d characters of the name or the card number (q)"),
			  LOOKUP_PART_MIN);
		return NULL;
	}
	if (!find(tx, &filter, &card, &last, error))
		return NULL;
	match = card != NULL ? describe(tx, card, error) : json_null();
	return match != NULL ? json_pack("{s:o, s:s?}", "match", match, "next", last) : NULL;
}
