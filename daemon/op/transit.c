/* SPDX-License-Identifier: Apache-2.0
 * Cards on their way and where they are kept. */
#include "daemon/op/transit.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/store/store_card.h"
#include "pkcs11/failpoint.h"

#define KEEPERS (ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SECTION_MANAGER))

/* clang-format off */
static const struct {
	CardState from;
	const char *leg;
	RoleSet sender;
	const char *who;
} legs[] = {
	{ CARD_PENDING,  STORE_TRANSIT_OUT,  ROLE_SET(ROLE_CUSTODIAN), "custodian" },
	{ CARD_RECALLED, STORE_TRANSIT_BACK, KEEPERS,                  "section-manager" },
	{ CARD_DAMAGED,  STORE_TRANSIT_BACK, KEEPERS,                  "section-manager" },
};
/* clang-format on */

static gboolean check_role(StoreTx *tx, const Op *op, const Card *card, RoleSet roles,
			   GError **error)
{
	g_autofree char *needed = role_table_names(op->house->role_table, roles);
	gboolean is_allowed;

	if (!allow_role(tx, op, card, roles, &is_allowed, error))
		return FALSE;
	return is_allowed ||
	       error_set(error, ERROR_DENIED,
			 N_("%s may not say where card %s is kept or sent: it takes the role %s "
			    "(T16, N87)"),
			 op->actor->id, card->number, needed);
}

static int find_leg(const Card *card, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(legs); i++)
		if (legs[i].from == card->state)
			return (int) i;
	error_set(error, ERROR_STATE,
		  N_("card %s is %s: only a card on its way to its section or back "
		     "is dispatched"),
		  card->number, card_state_label(card_shown(card)));
	return -1;
}

static gboolean put_place(StoreTx *tx, const Op *op, Card *card, char *place, Record *record,
			  GError **error)
{
	g_free(card->place);
	card->place = place;
	if (store_card_put(tx, card, error))
		return record_card(tx, op, card, record, error);
	json_decref(record->extra);
	return FALSE;
}

static gboolean open_journey(StoreTx *tx, const Op *op, const TransitRequest *request, int leg,
			     GError **error)
{
	g_autofree char *today = clock_date(op->now);
	gint64 days = config_policy(op->house->config, POLICY_TRANSIT_WITHIN, today) / 86400;
	g_autofree char *due = clock_add_days(today, (int) days);
	Transit row = {
		.card = (char *) request->card,
		.leg = (char *) legs[leg].leg,
		.goal = (char *) request->goal,
		.seal = (char *) request->seal,
		.due = due,
		.sent_at = op->now,
		.sent_by = op->actor->id,
	};

	return store_transit_send(tx, &row, error);
}

gboolean transit_send(Op *op, const TransitRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;
	int leg = card != NULL ? find_leg(card, error) : -1;
	Record record = { .kind = "dispatch", .article = "N87", .note = request->goal };

	if (leg < 0 || !check_role(tx, op, card, legs[leg].sender, error) ||
	    !open_journey(tx, op, request, leg, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	record.extra = json_pack("{s:s, s:s}", "leg", legs[leg].leg, "seal", request->seal);
	FAILPOINT("transit.send");
	return put_place(tx, op, card, g_strconcat("移送中（", request->goal, "）", NULL), &record,
			 error) &&
	       store_tx_commit(&tx, error);
}

/* Who sent it does not receive it as well. */
static gboolean check_two(StoreTx *tx, const Op *op, const char *first, const Card *card,
			  GError **error)
{
	gboolean is_excepted;

	if (g_strcmp0(first, op->actor->id) != 0)
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("%s sent or handed in card %s; somebody else receives it (two stamps, "
			    "I11, N87)"),
			 op->actor->id, card->number);
}

/* The number the sender noted is not told: the receiver reads it from the seal. */
static gboolean check_seal(const Transit *journey, const char *seal, gboolean is_broken,
			   GError **error)
{
	if (is_broken || g_strcmp0(journey->seal, seal) == 0)
		return TRUE;
	if (seal == NULL)
		return error_set(
			error, ERROR_INPUT,
			N_("card %s comes under seal: give the number of the seal (--seal) "
			   "or note that it is broken (--broken)"),
			journey->card);
	return error_set(
		error, ERROR_RULE,
		N_("card %s: the seal %s is not the one its sender noted (N87); look again, "
		   "or note it with --broken and examine what happened"),
		journey->card, seal);
}

static gboolean end_journey(StoreTx *tx, const Op *op, Transit *journey, const char *outcome,
			    GError **error)
{
	Transit ended = { .id = journey->id,
			  .ended_at = op->now,
			  .ended_by = op->actor->id,
			  .outcome = (char *) outcome };

	return store_transit_end(tx, &ended, error);
}

static const char *outcome_of(gboolean is_broken)
{
	return is_broken ? "seal-broken" : "arrived";
}

static gboolean find_journey(StoreTx *tx, const Card *card, Transit **ret_journey, GError **error)
{
	g_autoptr(Transit) journey = NULL;

	if (!store_transit_of_card(tx, card->number, &journey, error))
		return FALSE;
	if (journey == NULL)
		return error_set(error, ERROR_STATE,
				 N_("card %s is not on its way; `opcardctl transit list` shows "
				    "those that are"),
				 card->number);
	if (g_str_equal(journey->leg, STORE_TRANSIT_BACK))
		return error_set(error, ERROR_STATE,
				 N_("card %s goes back to the custodian, who receives it with "
				    "`opcardctl return %s`"),
				 card->number, card->number);
	*ret_journey = g_steal_pointer(&journey);
	return TRUE;
}

gboolean transit_arrive(Op *op, const TransitRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;
	g_autoptr(Transit) journey = NULL;
	Record record = { .kind = "arrive", .article = "N87", .note = request->note };

	if (card == NULL || !check_role(tx, op, card, ROLE_SET(ROLE_SECTION_MANAGER), error) ||
	    !find_journey(tx, card, &journey, error) ||
	    !check_two(tx, op, journey->sent_by, card, error) ||
	    !check_seal(journey, request->seal, request->is_broken, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	if (!end_journey(tx, op, journey, outcome_of(request->is_broken), error))
		return FALSE;
	record.extra =
		json_pack("{s:s, s:s, s:s, s:b}", "leg", journey->leg, "sentBy", journey->sent_by,
			  "seal", journey->seal, "broken", request->is_broken);
	FAILPOINT("transit.arrive");
	return put_place(tx, op, card,
			 g_strdup(request->place != NULL ? request->place : "所属の保管庫"),
			 &record, error) &&
	       store_tx_commit(&tx, error);
}

static gboolean stamp(json_t *extra, const char *by, gint64 at)
{
	g_autofree char *time = clock_time(at);

	json_object_set_new(extra, "handedInBy", json_string(by));
	json_object_set_new(extra, "handedInAt", json_string(time));
	return TRUE;
}

static gboolean hand_in(StoreTx *tx, const Op *op, const Card *card, const TransitReceipt *receipt,
			GError **error)
{
	g_autoptr(Person) person = receipt->handed_in_by != NULL
					   ? store_person_get(tx, receipt->handed_in_by, error)
					   : store_person_by_id(tx, card->holder, error);

	return person != NULL && check_two(tx, op, person->staff, card, error) &&
	       stamp(receipt->extra, person->staff, op->now);
}

gboolean transit_receive(StoreTx *tx, Op *op, const Card *card, const TransitReceipt *receipt,
			 GError **error)
{
	g_autoptr(Transit) journey = NULL;

	if (!store_transit_of_card(tx, card->number, &journey, error))
		return FALSE;
	if (journey == NULL)
		return hand_in(tx, op, card, receipt, error);
	if (!check_two(tx, op, journey->sent_by, card, error) ||
	    !check_seal(journey, receipt->seal, receipt->is_broken, error))
		return FALSE;
	json_object_set_new(receipt->extra, "seal", json_string(journey->seal));
	json_object_set_new(receipt->extra, "broken", json_boolean(receipt->is_broken));
	return stamp(receipt->extra, journey->sent_by, journey->sent_at) &&
	       end_journey(tx, op, journey, outcome_of(receipt->is_broken), error);
}

gboolean transit_drop(StoreTx *tx, const Op *op, const Card *card, const char *outcome,
		      GError **error)
{
	g_autoptr(Transit) journey = NULL;

	if (!store_transit_of_card(tx, card->number, &journey, error))
		return FALSE;
	return journey == NULL || end_journey(tx, op, journey, outcome, error);
}

gboolean transit_check_arrived(StoreTx *tx, const Card *card, GError **error)
{
	g_autoptr(Transit) journey = NULL;

	if (!store_transit_last(tx, card->number, &journey, error))
		return FALSE;
	if (journey == NULL || !g_str_equal(journey->leg, STORE_TRANSIT_OUT))
		return TRUE;
	if (journey->ended_at == 0)
		return error_set(error, ERROR_RULE,
				 N_("card %s is on its way to %s: note its arrival first "
				    "(`opcardctl arrive %s --seal NUMBER`, N87)"),
				 card->number, journey->goal, card->number);
	return !g_str_equal(journey->outcome, "seal-broken") ||
	       error_set(error, ERROR_RULE,
			 N_("card %s came with a broken seal (N87): take it back with `opcardctl "
			    "cancel %s` and issue another"),
			 card->number, card->number);
}

static gboolean note(Op *op, const char *number, const char *place, Record *record, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, number, error) : NULL;
	g_autoptr(Transit) journey = NULL;

	if (card == NULL || !check_role(tx, op, card, KEEPERS, error) ||
	    !store_transit_of_card(tx, number, &journey, error))
		return FALSE;
	if (place != NULL && journey != NULL)
		return error_set(error, ERROR_STATE,
				 N_("card %s is on its way to %s: note its arrival (`opcardctl "
				    "arrive %s`), which says where it is kept"),
				 number, journey->goal, number);
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("transit.place");
	return put_place(tx, op, card, g_strdup(place != NULL ? place : card->place), record,
			 error) &&
	       store_tx_commit(&tx, error);
}

gboolean transit_place(Op *op, const char *card, const char *place, GError **error)
{
	Record record = { .kind = "place", .article = "T16", .note = place };

	return note(op, card, place, &record, error);
}

gboolean transit_breach(Op *op, const char *card, const char *text, GError **error)
{
	Record record = { .kind = "place-breach", .article = "T16", .note = text };

	return note(op, card, NULL, &record, error);
}
