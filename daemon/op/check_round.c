/* SPDX-License-Identifier: Apache-2.0
 * Rounds: opening, holding what was not shown, closing. */
#include "daemon/op/check_round.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/publish.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_hold.h"
#include "pkcs11/failpoint.h"

#define BATCH 20
#define DESK  (ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN))

gboolean check_round_allow(const Op *op, const char *section, GError **error)
{
	return op_has_role(op, DESK) || op_manages(op, section) ||
	       error_set(error, ERROR_DENIED,
			 N_("%s may not see to the card checks of section %s: that takes the role "
			    "custodian or system-admin, or its section-manager"),
			 op->actor->id, section);
}

static gboolean check_due(const Op *op, const char *due, GError **error)
{
	g_autofree char *today = clock_date(op->now);

	return strcmp(due, today) >= 0 ||
	       error_set(error, ERROR_USAGE,
			 N_("the due date %s is over; write today (%s) or a later day"), due,
			 today);
}

static gboolean check_cards(const CheckRound *made, GError **error)
{
	return made->cards > 0 ||
	       error_set(error, ERROR_RULE,
			 N_("section %s (%s) has no card in use; there is nothing to check"),
			 made->section_name, made->section);
}

gboolean check_round_open(Op *op, const CheckRoundRequest *request, char **ret_id, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Section) section =
		tx != NULL ? store_person_section(tx, request->section, error) : NULL;
	g_autoptr(CheckRound) made = NULL;
	g_autofree char *id = NULL;
	Record record = { .kind = "check-round-open", .article = "H06" };
	gint64 number;

	if (section == NULL || !check_round_allow(op, section->code, error) ||
	    !check_due(op, request->due, error) || !store_next(tx, "check-round", &number, error))
		return FALSE;
	id = g_strdup_printf("R-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	CheckRound round = {
		.id = id,
		.section = section->code,
		.section_name = section->name,
		.due = (char *) request->due,
		.opened_at = op->now,
		.opened_by = op->actor->id,
	};

	if (!store_round_open(tx, &round, error))
		return FALSE;
	made = store_round_get(tx, id, error);
	if (made == NULL || !check_cards(made, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	record.note = id;
	record.extra = json_pack("{s:s, s:s, s:I}", "section", section->code, "due", request->due,
				 "cards", (json_int_t) made->cards);
	if (!record_event(tx, op, NULL, &record, error) || !store_tx_commit(&tx, error))
		return FALSE;
	*ret_id = g_steal_pointer(&id);
	return TRUE;
}

/* A closed one stays what it was. */
static CheckRound *find_open(StoreTx *tx, const Op *op, const char *id, GError **error)
{
	g_autoptr(CheckRound) round = store_round_get(tx, id, error);

	if (round == NULL || !check_round_allow(op, round->section, error))
		return NULL;
	if (round->closed_at != 0) {
		error_set(error, ERROR_STATE, N_("the card check %s is closed"), id);
		return NULL;
	}
	return g_steal_pointer(&round);
}

static gboolean is_over(const Op *op, const CheckRound *round)
{
	g_autofree char *today = clock_date(op->now);

	return strcmp(round->due, today) < 0;
}

gboolean check_round_close(Op *op, const char *id, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(CheckRound) round = tx != NULL ? find_open(tx, op, id, error) : NULL;
	Record record = { .kind = "check-round-close", .article = "H06", .note = id };

	if (round == NULL)
		return FALSE;
	if (round->seen < round->cards && !is_over(op, round))
		return error_set(
			error, ERROR_RULE,
			N_("%lld of %lld cards of the card check %s were shown and its last "
			   "day is %s: it can be closed when all were, or after that day"),
			(long long) round->seen, (long long) round->cards, id, round->due);
	if (op->is_dry_run)
		return TRUE;
	record.extra = json_pack("{s:s, s:I, s:I, s:I}", "section", round->section, "cards",
				 (json_int_t) round->cards, "seen", (json_int_t) round->seen,
				 "held", (json_int_t) round->held);
	return store_round_close(tx, id, op->now, op->actor->id, error) &&
	       record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error);
}

static gboolean is_missing(StoreTx *tx, const CheckRoundCard *row, gboolean *ret_is_missing,
			   GError **error)
{
	g_autoptr(Card) card = NULL;

	*ret_is_missing = FALSE;
	if (row->seen_at != 0 || row->held_at != 0)
		return TRUE;
	card = store_card_get(tx, row->card, error);
	if (card == NULL)
		return FALSE;
	*ret_is_missing = card_shown(card) == CARD_ACTIVE;
	return TRUE;
}

GPtrArray *check_round_missing(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) cards = store_round_cards(tx, id, error);

	for (guint i = 0; cards != NULL && i < cards->len; i++) {
		const CheckRoundCard *row = cards->pdata[i];
		gboolean is_one;

		if (!is_missing(tx, row, &is_one, error))
			return NULL;
		if (is_one)
			g_ptr_array_add(numbers, g_strdup(row->card));
	}
	return cards != NULL ? g_steal_pointer(&numbers) : NULL;
}

static gboolean hold_one(StoreTx *tx, Op *op, const char *id, const char *number, GError **error)
{
	g_autoptr(Card) card = store_card_get(tx, number, error);
	CertStatusOrder order = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	Hold hold = { .card = (char *) number,
		      .reason = HOLD_UNCHECKED,
		      .since = op->now,
		      .by = op->actor->id,
		      .note = (char *) id };
	Record record = { .kind = lifecycle_event_name(EVENT_SUSPEND),
			  .article = hold_rule(HOLD_UNCHECKED)->article,
			  .from = card_state_name(CARD_ACTIVE),
			  .note = id };

	/* Seen, lost or recalled since the batch was read. */
	if (card == NULL || card_shown(card) != CARD_ACTIVE)
		return card != NULL;
	card->is_held = TRUE;
	if (!store_hold_open(tx, &hold, error) || !cert_status_set(tx, op, number, &order, error) ||
	    !store_round_held(tx, id, number, op->now, error) || !store_card_put(tx, card, error))
		return FALSE;
	record.extra = json_pack("{s:s}", "reason", hold_rule(HOLD_UNCHECKED)->name);
	return record_card(tx, op, card, &record, error);
}

/* One batch: no longer than a loss report can wait. */
static gboolean hold_some(Op *op, const char *id, gint64 *held, gboolean *ret_is_done,
			  GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(GPtrArray) numbers = tx != NULL ? check_round_missing(tx, id, error) : NULL;
	guint count = numbers != NULL ? MIN(numbers->len, BATCH) : 0;

	for (guint i = 0; i < count; i++)
		if (!hold_one(tx, op, id, numbers->pdata[i], error))
			return FALSE;
	if (numbers == NULL)
		return FALSE;
	*ret_is_done = numbers->len <= BATCH;
	*held += count;
	FAILPOINT("check-round.hold");
	return cert_status_commit(op, &tx, error);
}

static gboolean check_hold(Op *op, const char *id, gint64 expected, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(CheckRound) round = tx != NULL ? find_open(tx, op, id, error) : NULL;
	g_autoptr(GPtrArray) missing = round != NULL ? check_round_missing(tx, id, error) : NULL;

	if (missing == NULL)
		return FALSE;
	if (!is_over(op, round))
		return error_set(
			error, ERROR_RULE,
			N_("the last day of the card check %s is %s: until then a card that "
			   "was not shown is late for nothing"),
			id, round->due);
	return (gint64) missing->len == expected ||
	       error_set(
		       error, ERROR_STATE,
		       N_("%u cards of the card check %s are to be put on hold now, not %lld; look "
			  "at the list again (`opcardctl check-round show %s`)"),
		       missing->len, id, (long long) expected, id);
}

gboolean check_round_hold(Op *op, const char *id, gint64 expected, gint64 *ret_held, GError **error)
{
	gboolean is_done = FALSE;
	gint64 held = 0;

	if (!check_hold(op, id, expected, error))
		return FALSE;
	*ret_held = expected;
	if (op->is_dry_run)
		return TRUE;
	while (!is_done)
		if (!hold_some(op, id, &held, &is_done, error))
			return FALSE;
	FAILPOINT("check-round.held");
	*ret_held = held;
	return !op->is_list_due || publish_now(op->house, op->now, error);
}
