/* SPDX-License-Identifier: Apache-2.0
 * Two readers of one struct. A suspension is left out, because a stop by scope is recorded once
 * and not with every card it covers. */
#include "daemon/op/register_state.h"

#include <jansson.h>

#include "daemon/base/error.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_ledger.h"
#include "daemon/store/store_person.h"

#define PAGE 500

static void free_state(gpointer data)
{
	RegisterState *state = data;

	if (state == NULL)
		return;
	g_free(state->number);
	g_free(state->kind);
	g_free(state->place);
	g_free(state->authority);
	g_free(state->lent_on);
	g_free(state->checked_on);
	g_free(state->remark);
	g_free(state->staff);
	g_free(state->name);
	g_free(state->section);
	g_free(state->section_code);
	g_free(state->title);
	g_free(state);
}

/* Made for somebody, with him, or expected back from him. */
static gboolean is_with_holder(CardState state)
{
	const guint set = 1u << CARD_PERSONALIZING | 1u << CARD_PENDING | 1u << CARD_ACTIVE |
			  1u << CARD_SUSPENDED | 1u << CARD_RECALLED | 1u << CARD_LOST |
			  1u << CARD_STOLEN | 1u << CARD_DAMAGED | 1u << CARD_UNRECOVERABLE;

	return (set & 1u << state) != 0;
}

/* What a card that came back was once is told by the issue register. */
static void settle(RegisterState *state)
{
	if (state->state == CARD_SUSPENDED)
		state->state = CARD_ACTIVE;
	if (is_with_holder(state->state) && state->name != NULL)
		return;
	g_clear_pointer(&state->staff, g_free);
	g_clear_pointer(&state->name, g_free);
	g_clear_pointer(&state->section, g_free);
	g_clear_pointer(&state->section_code, g_free);
	g_clear_pointer(&state->title, g_free);
	g_clear_pointer(&state->lent_on, g_free);
	g_clear_pointer(&state->authority, g_free);
}

static gboolean join(StoreTx *tx, const Card *card, RegisterState *state, GError **error)
{
	g_autoptr(Person) holder = NULL;
	g_autoptr(Designation) designation = NULL;

	if (card->holder != 0) {
		holder = store_person_by_id(tx, card->holder, error);
		if (holder == NULL)
			return FALSE;
		state->staff = g_strdup(holder->staff);
		state->name = g_strdup(holder->name);
	}
	if (card->designation != NULL) {
		designation = store_designation_get(tx, card->designation, error);
		if (designation == NULL)
			return FALSE;
		state->section = g_strdup(designation->section_name);
		state->section_code = g_strdup(designation->section);
		state->title = g_strdup(designation->title);
	}
	return TRUE;
}

static gboolean add_card(StoreTx *tx, const Card *card, GPtrArray *states, GError **error)
{
	RegisterState *state = g_new0(RegisterState, 1);

	g_ptr_array_add(states, state);
	state->number = g_strdup(card->number);
	state->kind = g_strdup(card->kind);
	state->state = card->state;
	state->place = g_strdup(card->place);
	state->authority = g_strdup(card->authority);
	state->lent_on = g_strdup(card->lent_on);
	state->checked_on = g_strdup(card->checked_on);
	state->remark = g_strdup(card->note);
	if (!join(tx, card, state, error))
		return FALSE;
	settle(state);
	return TRUE;
}

GPtrArray *register_state_now(StoreTx *tx, GError **error)
{
	g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func(free_state);
	g_autofree char *after = NULL;
	guint count;

	do {
		StoreCardFilter filter = { .after = after, .limit = PAGE };
		g_autoptr(GPtrArray) cards = store_card_list(tx, &filter, error);

		if (cards == NULL)
			return NULL;
		count = cards->len;
		for (guint i = 0; i < count; i++)
			if (!add_card(tx, cards->pdata[i], states, error))
				return NULL;
		g_free(after);
		after = count > 0 ? g_strdup(((Card *) cards->pdata[count - 1])->number) : NULL;
	} while (count == PAGE);
	return g_steal_pointer(&states);
}

static char *text_of(const json_t *snapshot, const char *key)
{
	return g_strdup(json_string_value(json_object_get(snapshot, key)));
}

static gboolean add_snapshot(const LedgerRow *row, const json_t *snapshot, GPtrArray *states,
			     GError **error)
{
	RegisterState *state = g_new0(RegisterState, 1);

	g_ptr_array_add(states, state);
	state->number = g_strdup(row->card);
	if (!card_state_parse(json_string_value(json_object_get(snapshot, "state")), &state->state))
		return error_set(
			error, ERROR_STORE,
			N_("ledger record %lld tells no state of card %s; run `opcardctl doctor`"),
			(long long) row->seq, row->card);
	state->kind = text_of(snapshot, "kind");
	state->place = text_of(snapshot, "place");
	state->authority = text_of(snapshot, "authority");
	state->lent_on = text_of(snapshot, "lentOn");
	state->checked_on = text_of(snapshot, "checkedOn");
	state->remark = text_of(snapshot, "remark");
	state->staff = text_of(snapshot, "staff");
	state->name = text_of(snapshot, "name");
	state->section = text_of(snapshot, "section");
	state->section_code = text_of(snapshot, "sectionCode");
	state->title = text_of(snapshot, "title");
	settle(state);
	return TRUE;
}

GPtrArray *register_state_at(StoreTx *tx, gint64 until, GError **error)
{
	g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func(free_state);
	g_autoptr(GPtrArray) rows = store_ledger_cards_at(tx, until, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const LedgerRow *row = rows->pdata[i];
		json_t *body = json_loads(row->body, 0, NULL);
		gboolean is_added = add_snapshot(row, json_object_get(body, "card"), states, error);

		json_decref(body);
		if (!is_added)
			return NULL;
	}
	return rows != NULL ? g_steal_pointer(&states) : NULL;
}
