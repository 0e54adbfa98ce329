/* SPDX-License-Identifier: Apache-2.0
 * Witnessed sessions. */
#include "daemon/op/witness.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/view.h"
#include "daemon/store/store_card.h"
#include "pkcs11/failpoint.h"

#define PAGE 500

static gboolean check_custodian(const Op *op, GError **error)
{
	return op_has_role(op, ROLE_SET(ROLE_CUSTODIAN)) ||
	       error_set(error, ERROR_DENIED,
			 N_("%s may not erase or destroy cards: it takes the role custodian (N19)"),
			 op->actor->id);
}

static gboolean check_witness(StoreTx *tx, const Op *op, const char *staff, GError **error)
{
	g_autoptr(Person) witness = store_person_get(tx, staff, error);
	gboolean is_excepted;

	if (witness == NULL)
		return FALSE;
	if (witness->id != op->actor->person)
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("the witness %s is the person who acts; name somebody else"), staff);
}

static gboolean is_waiting(CardState state)
{
	return state == CARD_RETURNED || state == CARD_ERASED || state == CARD_QUARANTINED;
}

static gboolean add_named(StoreTx *tx, const char *id, char **cards, GError **error)
{
	for (char **number = cards; *number != NULL; number++) {
		g_autofree char *folded = card_number_fold(*number);
		g_autoptr(Card) card = store_card_get(tx, folded != NULL ? folded : *number, error);

		if (card == NULL)
			return FALSE;
		if (!is_waiting(card->state))
			return error_set(error, ERROR_STATE,
					 N_("card %s is %s: a witnessed session is for cards that "
					    "were returned, erased or set aside"),
					 card->number, card_state_label(card_shown(card)));
		if (!store_session_add(tx, id, card->number, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean add_state(StoreTx *tx, const char *id, CardState state, GError **error)
{
	g_autofree char *after = NULL;
	guint count;

	do {
		StoreCardFilter filter = { .state = card_state_name(state),
					   .after = after,
					   .limit = PAGE };
		g_autoptr(GPtrArray) page = store_card_list(tx, &filter, error);

		if (page == NULL)
			return FALSE;
		count = page->len;
		for (guint i = 0; i < count; i++)
			if (!store_session_add(tx, id, ((Card *) page->pdata[i])->number, error))
				return FALSE;
		g_free(after);
		after = count > 0 ? g_strdup(((Card *) page->pdata[count - 1])->number) : NULL;
	} while (count == PAGE);
	return TRUE;
}

static gboolean add_cards(StoreTx *tx, const char *id, char **cards, GError **error)
{
	g_autoptr(WitnessSession) made = NULL;

	if (cards != NULL && cards[0] != NULL ? !add_named(tx, id, cards, error)
					      : !add_state(tx, id, CARD_RETURNED, error) ||
							!add_state(tx, id, CARD_ERASED, error))
		return FALSE;
	made = store_session_get(tx, id, error);
	if (made == NULL)
		return FALSE;
	return made->cards > 0 ||
	       error_set(error, ERROR_RULE,
			 N_("no card waits to be erased or destroyed; take them back first "
			    "(`opcardctl return`)"));
}

gboolean witness_open(Op *op, const WitnessRequest *request, char **ret_id, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autofree char *id = NULL;
	Record record = { .kind = "session-open", .article = "N19", .second = request->witness };
	gint64 number;

	if (!check_custodian(op, error))
		return FALSE;
	tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	if (tx == NULL || !check_witness(tx, op, request->witness, error) ||
	    !store_next(tx, "witness-session", &number, error))
		return FALSE;
	id = g_strdup_printf("W-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	WitnessSession session = { .id = id,
				   .witness = (char *) request->witness,
				   .opened_at = op->now,
				   .opened_by = op->actor->id };

	if (!store_session_open(tx, &session, error) || !add_cards(tx, id, request->cards, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	record.note = id;
	FAILPOINT("session.open");
	if (!record_event(tx, op, NULL, &record, error) || !store_tx_commit(&tx, error))
		return FALSE;
	*ret_id = g_steal_pointer(&id);
	return TRUE;
}

static WitnessSession *find_open(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(WitnessSession) session = store_session_get(tx, id, error);

	if (session != NULL && session->closed_at != 0) {
		error_set(error, ERROR_STATE, N_("the witnessed session %s is closed"), id);
		return NULL;
	}
	return g_steal_pointer(&session);
}

gboolean witness_close(Op *op, const char *id, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(WitnessSession) session = NULL;
	Record record = { .kind = "session-close", .article = "N19", .note = id };

	if (!check_custodian(op, error))
		return FALSE;
	tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	session = tx != NULL ? find_open(tx, id, error) : NULL;
	if (session == NULL)
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	record.second = session->witness;
	record.extra =
		json_pack("{s:I, s:I, s:I}", "cards", (json_int_t) session->cards, "erased",
			  (json_int_t) session->erased, "disposed", (json_int_t) session->disposed);
	return store_session_close(tx, id, op->now, error) &&
	       record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error);
}

char *witness_of(StoreTx *tx, const char *id, const char *card, GError **error)
{
	g_autoptr(WitnessSession) session = find_open(tx, id, error);
	gboolean is_in_it;

	if (session == NULL || !store_session_has(tx, id, card, &is_in_it, error))
		return NULL;
	if (is_in_it)
		return g_strdup(session->witness);
	error_set(error, ERROR_RULE,
		  N_("card %s does not stand in the witnessed session %s; `opcardctl session show "
		     "%s` lists those that do"),
		  card, id, id);
	return NULL;
}

static json_t *item_of(const WitnessSession *row)
{
	return json_pack("{s:s, s:s, s:o, s:s, s:o, s:I, s:I, s:I}", "id", row->id, "witness",
			 row->witness, "openedOn", view_date(row->opened_at), "openedBy",
			 row->opened_by, "closedOn", view_date(row->closed_at), "cards",
			 (json_int_t) row->cards, "erased", (json_int_t) row->erased, "disposed",
			 (json_int_t) row->disposed);
}

json_t *witness_list(StoreTx *tx, const char *before, int limit, GError **error)
{
	guint most = (guint) view_limit(limit);
	g_autoptr(GPtrArray) list = store_session_list(tx, before, (int) most + 1, error);
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, most); i++)
		json_array_append_new(items, item_of(list->pdata[i]));
	return view_page(items, list->len > most
					? ((const WitnessSession *) list->pdata[most - 1])->id
					: NULL);
}

json_t *witness_view(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(WitnessSession) session = store_session_get(tx, id, error);
	g_autoptr(GPtrArray) cards = session != NULL ? store_session_cards(tx, id, error) : NULL;
	json_t *object, *items, *left;

	if (cards == NULL)
		return NULL;
	object = item_of(session);
	items = json_array();
	left = json_array();
	json_object_set_new(object, "items", items);
	json_object_set_new(object, "left", left);
	for (guint i = 0; i < cards->len; i++) {
		const WitnessCard *row = cards->pdata[i];

		json_array_append_new(items, json_pack("{s:s, s:o, s:o}", "card", row->card,
						       "erasedAt", view_time(row->erased_at),
						       "disposedAt", view_time(row->disposed_at)));
		if (row->disposed_at == 0)
			json_array_append_new(left, json_string(row->card));
	}
	return object;
}
