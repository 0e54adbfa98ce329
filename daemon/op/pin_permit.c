/* SPDX-License-Identifier: Apache-2.0
 * 様式第6号 and the urgent way around it. */
#include "daemon/op/pin_permit.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/apply_card.h"
#include "daemon/op/apply_new.h"
#include "daemon/op/dump.h"
#include "daemon/op/record.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_pin.h"
#include "daemon/store/store_request.h"

#define FORM_PIN     6
#define PAPER_REASON "紙の申請書のとおり"

static gboolean check_admin(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	gboolean is_excepted;

	if (!op_has_role(op, ROLE_SET(ROLE_SYSTEM_ADMIN)))
		return error_set(
			error, ERROR_DENIED,
			N_("%s may not authorise a reset of the PIN of card %s: that takes "
			   "the role system-admin (T28)"),
			op->actor->id, card->number);
	if (op->actor->person == 0 || op->actor->person != card->holder)
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("%s would authorise a reset of the own PIN on card %s; another "
			    "system-admin must do it (separation of duties, N05)"),
			 op->actor->id, card->number);
}

static gboolean check_state(const Card *card, GError **error)
{
	if (card->state == CARD_ACTIVE)
		return TRUE;
	return error_set(error, ERROR_STATE,
			 N_("card %s is %s: only the PIN of a card in use is reset; a hand-over "
			    "that was cut off is done again with `opcardctl hand-over`"),
			 card->number, card_state_label(card_shown(card)));
}

static gboolean check_none_open(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	g_autofree char *until = NULL;
	Pin pin;

	if (!store_pin_get(tx, card->number, &pin, error))
		return FALSE;
	if (pin.reset_until <= op->now)
		return TRUE;
	until = clock_time(pin.reset_until);
	return error_set(error, ERROR_EXISTS,
			 N_("card %s: a reset is authorised already, until %s; the custodian does "
			    "it with `opcardctl pin reset %s`"),
			 card->number, until, card->number);
}

static gboolean write_permit(StoreTx *tx, const Op *op, const Card *card, const Application *row,
			     GError **error)
{
	g_autofree char *today = clock_date(op->now);
	const char *paper = row->paper != NULL ? row->paper : row->id;
	PinReset permit = {
		.card = card->number,
		.holder = card->holder,
		.paper = (char *) paper,
		.by = op->actor->id,
		.at = op->now,
		.expires =
			op->now + config_policy(op->house->config, POLICY_PIN_RESET_VALID, today),
	};
	g_autofree char *expires = clock_time(permit.expires);
	Record record = { .kind = "pin-reset-permit",
			  .article = "T28",
			  .from = card_state_name(card_shown(card)) };

	if (!store_pin_reset_insert(tx, &permit, error))
		return FALSE;
	record.extra = json_pack("{s:i, s:s, s:s, s:s}", "form", FORM_PIN, "paper", paper,
				 "application", row->id, "expires", expires);
	return record_card(tx, op, card, &record, error);
}

gboolean pin_permit_grant(StoreTx *tx, const Op *op, const Card *card, const Application *row,
			  GError **error)
{
	return check_state(card, error) && check_none_open(tx, op, card, error) &&
	       apply_card_lapse(tx, op, card->number, error) &&
	       write_permit(tx, op, card, row, error);
}

static gboolean approve_paper(StoreTx *tx, const Op *op, const Card *card,
			      const PinPermitRequest *request, GError **error)
{
	g_auto(ImportResult) none = { 0 };
	g_autoptr(Application) row = NULL;
	ApplyRequest paper = { .form = FORM_PIN,
			       .card = card->number,
			       .reason = (char *) PAPER_REASON,
			       .paper = (char *) request->paper };
	ApplyStep step = { .event = APPLY_APPROVE };
	const ApplicationRule *rule;

	if (!apply_new_accept_in(tx, op, &paper, &row, &none, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	rule = apply_allow(tx, op, row, &step, error);
	return rule != NULL && pin_permit_grant(tx, op, card, row, error) &&
	       apply_go(tx, op, row, &step, error);
}

static gboolean accept(Op *op, const PinPermitRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = op->is_dry_run
					? store_tx_read(op->house->store, error)
					: store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;

	return card != NULL && check_admin(tx, op, card, error) && check_state(card, error) &&
	       check_none_open(tx, op, card, error) &&
	       approve_paper(tx, op, card, request, error) &&
	       (op->is_dry_run || store_tx_commit(&tx, error));
}

gboolean pin_permit_accept(Op *op, const PinPermitRequest *request, GError **error)
{
	GError *refusal = NULL;

	if (accept(op, request, &refusal))
		return TRUE;
	apply_record_refusal(op, NULL, APPLY_ACCEPT, refusal, NULL);
	g_propagate_error(error, refusal);
	return FALSE;
}

static gboolean refuse(const PinReset *permit, const char *card, GError **error)
{
	g_autofree char *end = NULL;

	if (permit == NULL)
		return error_set(error, ERROR_RULE,
				 N_("card %s: no reset is authorised; an authorisation is bound to "
				    "one card. The holder asks for it with form 6, the "
				    "system-admin enters `opcardctl pin reset %s --paper REF` "
				    "(T28)"),
				 card, card);
	end = clock_time(permit->ended_at != 0 ? permit->ended_at : permit->expires);
	if (permit->ended_at == 0)
		return error_set(error, ERROR_RULE,
				 N_("card %s: the authorisation by form 6 \"%s\" ended at %s "
				    "(pin-reset-valid); a new form 6 is needed (T28)"),
				 card, permit->paper, end);
	if (g_strcmp0(permit->outcome, PIN_RESET_CHANGE) == 0)
		return error_set(error, ERROR_RULE,
				 N_("card %s: the authorisation by form 6 \"%s\" ended when the "
				    "holder changed the PIN at %s; a new form 6 is needed (T28)"),
				 card, permit->paper, end);
	return error_set(
		error, ERROR_RULE,
		N_("card %s: the authorisation by form 6 \"%s\" was used at %s; it is good "
		   "for one reset, a new form 6 is needed (T28)"),
		card, permit->paper, end);
}

PinReset *pin_permit_find(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	g_autoptr(PinReset) permit = NULL;

	if (!store_pin_reset_newest(tx, card->number, card->holder, &permit, error))
		return NULL;
	if (permit != NULL && permit->ended_at == 0 && permit->expires > op->now)
		return g_steal_pointer(&permit);
	refuse(permit, card->number, error);
	return NULL;
}

gboolean pin_permit_use(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	int count;

	if (!store_pin_reset_end(tx, card->number, PIN_RESET_DONE, op->now, &count, error))
		return FALSE;
	return (count == 1 || refuse(NULL, card->number, error)) &&
	       apply_card_reset(tx, op, card->number, error);
}

/* The form 6 that is owed for it, executed before it is approved. */
static gboolean open_urgent(StoreTx *tx, const Op *op, const PinReset *reset, const char *note,
			    GError **error)
{
	g_autoptr(Application) row = NULL;
	ApplyRequest wanted = { .form = FORM_PIN, .card = reset->card, .reason = (char *) note };

	if (!apply_new_rush(tx, op, &wanted, &row, error))
		return FALSE;
	row->confirmation = g_strdup(reset->confirmation);
	return store_application_put(tx, row, error) && apply_settle(tx, op, row, error);
}

gboolean pin_permit_ask(StoreTx *tx, const Op *op, const Card *card, const char *note,
			GError **error)
{
	json_t *body = json_pack("{s:s, s:s, s:s}", "event", PIN_PERMIT_EVENT, "card", card->number,
				 "note", note);
	g_autofree char *text = dump_json(body);
	g_autofree char *id = NULL;
	gint64 number;

	json_decref(body);
	if (!store_next(tx, "confirmation", &number, error))
		return FALSE;
	id = g_strdup_printf("N-%04" G_GINT64_FORMAT, number);
	Confirmation question = {
		.id = id,
		.event = (char *) PIN_PERMIT_EVENT,
		.card = card->number,
		.body = text,
		.by = op->actor->id,
		.at = op->now,
		.expires = CONFIRMATION_NEVER,
	};
	PinReset reset = {
		.card = card->number,
		.holder = card->holder,
		.by = op->actor->id,
		.at = op->now,
		.expires = op->now,
		.ended_at = op->now,
		.outcome = (char *) PIN_RESET_DONE,
		.confirmation = id,
	};

	return store_request_ask(tx, &question, error) &&
	       store_pin_reset_insert(tx, &reset, error) &&
	       open_urgent(tx, op, &reset, note, error);
}

static gboolean agree(StoreTx *tx, const Op *op, const Card *card, const char *confirmation,
		      GError **error)
{
	Record record = { .kind = "pin-reset-approve", .article = "N81", .note = confirmation };

	return store_pin_reset_approve(tx, confirmation, op->now, op->actor->id, error) &&
	       store_request_confirmed(tx, confirmation, op->now, error) &&
	       record_card(tx, op, card, &record, error);
}

gboolean pin_permit_agree(StoreTx *tx, const Op *op, const Application *row, GError **error)
{
	g_autoptr(Card) card = store_card_get(tx, row->card, error);

	return card != NULL && agree(tx, op, card, row->confirmation, error);
}

static gboolean open_case(StoreTx *tx, const Op *op, const Application *row, const char *note,
			  GError **error)
{
	g_autofree char *id = NULL;
	CaseFile file = { .card = row->card,
			  .kind = (char *) PIN_PERMIT_REJECTED,
			  .opened_at = op->now,
			  .occurred_at = row->opened_at,
			  .noticed_at = op->now,
			  .reported_by = op->actor->id,
			  .section = row->section,
			  .note = (char *) note };
	gint64 number;

	if (!store_next(tx, "case", &number, error))
		return FALSE;
	id = g_strdup_printf("C-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	file.id = id;
	return store_duty_case_open(tx, &file, error);
}

gboolean pin_permit_reject(StoreTx *tx, const Op *op, const Application *row, const char *note,
			   GError **error)
{
	g_autoptr(Card) card = store_card_get(tx, row->card, error);
	Record record = { .kind = "pin-reset-reject", .article = "N81", .note = note };

	return card != NULL && store_pin_reset_reject(tx, row->confirmation, op->now, error) &&
	       store_request_confirmed(tx, row->confirmation, op->now, error) &&
	       open_case(tx, op, row, note, error) && record_card(tx, op, card, &record, error);
}

/* Table E is asked as well: who reset it, or applied, does not approve. */
static gboolean approve(StoreTx *tx, const Op *op, const Card *card, const char *confirmation,
			GError **error)
{
	g_autoptr(Application) row = NULL;
	ApplyStep step = { .event = APPLY_APPROVE };
	const ApplicationRule *rule;

	if (!store_application_of_confirmation(tx, confirmation, &row, error))
		return FALSE;
	if (row == NULL || row->approved_at != 0 || application_is_over(row->state))
		return agree(tx, op, card, confirmation, error);
	rule = apply_allow(tx, op, row, &step, error);
	return rule != NULL && apply_go(tx, op, row, &step, error) &&
	       apply_settle(tx, op, row, error) && agree(tx, op, card, confirmation, error);
}

gboolean pin_permit_approve(Op *op, const char *confirmation, const char *card, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) row = tx != NULL ? store_card_get(tx, card, error) : NULL;

	return row != NULL && check_admin(tx, op, row, error) &&
	       approve(tx, op, row, confirmation, error) &&
	       (op->is_dry_run || store_tx_commit(&tx, error));
}
