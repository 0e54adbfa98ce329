/* SPDX-License-Identifier: Apache-2.0
 * The reset as every work with a card: intent, touch, prove, commit. In the holder's absence the
 * card is on hold before it is touched, so that a PIN somebody else knows never works (N35). */
#include "daemon/op/pin_reset.h"

#include "daemon/base/error.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/personalise.h"
#include "daemon/op/pin_permit.h"
#include "daemon/op/pin_rule.h"
#include "daemon/op/publish.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_pin.h"
#include "pkcs11/failpoint.h"

typedef struct Reset {
	const PinResetRequest *request;
	char *paper; /* of form 6; NULL: urgent */
	PinTrace trace;
	gboolean is_touched; /* whatever PIN the card had, it may be another one now */
} Reset;

static void reset_clear(Reset *reset)
{
	g_free(reset->paper);
	pin_history_clear_trace(&reset->trace);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reset, reset_clear)

static gboolean check_request(const PinResetRequest *request, GError **error)
{
	if (request->is_urgent && request->is_absent)
		return error_set(error, ERROR_RULE,
				 N_("card %s: an urgent reset is done before form 6 is accepted, "
				    "so the holder must be there (T28)"),
				 request->card);
	if (request->is_urgent && (request->note == NULL || *request->note == '\0'))
		return error_set(error, ERROR_INPUT,
				 N_("card %s: say with --note why the reset cannot wait for form 6 "
				    "(N81)"),
				 request->card);
	return TRUE;
}

static gboolean check_card(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	gboolean is_excepted;

	if (!op_has_role(op, ROLE_SET(ROLE_CUSTODIAN)))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not reset the PIN of card %s: that takes the role "
				    "custodian; a system-admin authorises it with --paper (T28)"),
				 op->actor->id, card->number);
	if (card->state != CARD_ACTIVE)
		return error_set(error, ERROR_STATE,
				 N_("card %s is %s: only the PIN of a card in use is reset; a "
				    "hand-over that was cut off is done again with `opcardctl "
				    "hand-over`"),
				 card->number, card_state_label(card_shown(card)));
	if (op->actor->person == 0 || op->actor->person != card->holder)
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("%s would reset the PIN of the own card %s; somebody else must "
			    "do it (separation of duties, N05)"),
			 op->actor->id, card->number);
}

/* *ret_paper (g_free) is NULL for an urgent reset. */
static gboolean check_permit(StoreTx *tx, const Op *op, const Card *card, gboolean is_urgent,
			     char **ret_paper, GError **error)
{
	g_autoptr(GError) none = NULL;
	g_autoptr(PinReset) permit = pin_permit_find(tx, op, card, &none);

	if (is_urgent && permit != NULL)
		return error_set(
			error, ERROR_RULE,
			N_("card %s: form 6 is accepted already; leave --urgent out (T28)"),
			card->number);
	if (is_urgent && g_error_matches(none, ERROR_DOMAIN, ERROR_RULE))
		return TRUE;
	if (permit == NULL) {
		g_propagate_error(error, g_steal_pointer(&none));
		return FALSE;
	}
	*ret_paper = g_steal_pointer(&permit->paper);
	return TRUE;
}

/* Before anybody is asked to put the card into a reader. */
static gboolean check_first(Op *op, const PinResetRequest *request, char **ret_paper,
			    GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;

	return card != NULL && check_request(request, error) && check_card(tx, op, card, error) &&
	       check_permit(tx, op, card, request->is_urgent, ret_paper, error);
}

/* N35: on hold until the holder has chosen an own PIN. */
static gboolean hold_initial(StoreTx *tx, Op *op, Card *card, GError **error)
{
	CertStatusOrder order = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	g_autoptr(GPtrArray) holds = store_hold_of_card(tx, card->number, error);
	Hold hold = { .card = card->number,
		      .reason = HOLD_PIN_INITIAL,
		      .since = op->now,
		      .by = op->actor->id };

	if (holds == NULL)
		return FALSE;
	for (guint i = 0; i < holds->len; i++)
		if (((const Hold *) holds->pdata[i])->reason == HOLD_PIN_INITIAL)
			return TRUE;
	card->is_held = TRUE;
	return store_hold_open(tx, &hold, error) &&
	       cert_status_set(tx, op, card->number, &order, error) &&
	       store_card_put(tx, card, error);
}

static gboolean begin(Work *work, const PinResetRequest *request, GError **error)
{
	Op *op = work->op;
	g_autoptr(StoreTx) tx = work_tx(work, error);
	g_autofree char *ignored = NULL;
	Record record = { .kind = "pin-reset-begin", .article = "T28" };

	if (tx == NULL || !check_card(tx, op, work->card, error) ||
	    !check_permit(tx, op, work->card, request->is_urgent, &ignored, error))
		return FALSE;
	record.from = card_state_name(card_shown(work->card));
	if (request->is_absent && !hold_initial(tx, op, work->card, error))
		return FALSE;
	return work_intend(tx, work, NULL, &record, error) && cert_status_commit(op, &tx, error);
}

static GBytes *card_key(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(work->op->house->store, error);
	g_autoptr(GPtrArray) list =
		tx != NULL ? store_certificate_of_card(tx, work->card->number, error) : NULL;

	const Certificate *certificate = list != NULL ? certificate_in_force(list) : NULL;

	if (certificate != NULL)
		return g_bytes_ref(certificate->spki);
	if (list != NULL)
		error_set(error, ERROR_STATE, N_("card %s has no certificate in force"),
			  work->card->number);
	return NULL;
}

static gboolean touch_card(Work *work, Reset *reset, GError **error)
{
	const PinResetRequest *request = reset->request;
	CardClient *client = work->desk->client;
	g_autoptr(Secret) so_pin = at_reader_so_pin(work->desk, error);
	g_autoptr(GBytes) spki = so_pin != NULL ? card_key(work, error) : NULL;
	CardFailure failure;

	if (spki == NULL)
		return FALSE;
	steps_add(work->op->steps, "pin",
		  request->is_absent ? N_("Setting the initial PIN")
				     : N_("Setting the holder's own PIN"));
	if (!card_client_unblock(client, so_pin, request->pin, &failure)) {
		reset->is_touched = failure.card != CARD_INTACT;
		return work_fail(work, &failure, error);
	}
	reset->is_touched = TRUE;
	FAILPOINT("pin-reset.set");
	steps_add(work->op->steps, "login", N_("Testing the PIN by one login"));
	if (!card_client_check(client, request->pin, FALSE, &failure))
		return work_fail(work, &failure, error);
	return personalise_prove(work, spki, error);
}

static gboolean finish(Work *work, const Reset *reset, GError **error)
{
	const PinResetRequest *request = reset->request;
	Op *op = work->op;
	g_autoptr(StoreTx) tx = work_tx(work, error);
	Record record = { .kind = "pin-reset", .article = "T28", .note = request->note };
	Pin pin;

	if (tx == NULL || !store_pin_get(tx, work->card->number, &pin, error) ||
	    !(request->is_urgent ? pin_permit_ask(tx, op, work->card, request->note, error)
				 : pin_permit_use(tx, op, work->card, error)))
		return FALSE;
	pin.state = request->is_absent ? PIN_INITIAL : PIN_SET;
	record.from = card_state_name(card_shown(work->card));
	if (!store_pin_put(tx, work->card->number, &pin, error) ||
	    !pin_history_keep(tx, op, work->card, &reset->trace, error))
		return FALSE;
	record.extra = json_pack("{s:i, s:s*, s:b, s:b}", "form", 6, "paper", reset->paper,
				 "absent", request->is_absent, "urgent", request->is_urgent);
	return record_card(tx, op, work->card, &record, error) &&
	       work_close(tx, work, "done", error) && cert_status_commit(op, &tx, error);
}

static void note_unknown(Work *work)
{
	g_autoptr(GError) ignored = NULL;
	g_autoptr(StoreTx) tx = work_tx(work, &ignored);
	Pin pin;

	if (tx == NULL || !store_pin_get(tx, work->card->number, &pin, &ignored))
		return;
	pin.state = PIN_UNKNOWN;
	if (!store_pin_put(tx, work->card->number, &pin, &ignored) ||
	    !store_tx_commit(&tx, &ignored))
		return;
}

static gboolean fail(Work *work, gboolean is_touched, GError *cause, GError **error)
{
	cert_status_forget(work->op);
	if (is_touched)
		note_unknown(work);
	work_give_up(work, "pin-failed", FALSE, cause);
	g_propagate_error(error, cause);
	return FALSE;
}

gboolean pin_reset_card(Op *op, const PinResetRequest *request, GError **error)
{
	WorkRequest wanted = { .card = request->card,
			       .reader = request->reader,
			       .event = _CARD_EVENT_MAX,
			       .kind = "pin-reset",
			       .roles = ROLE_SET(ROLE_CUSTODIAN) };
	g_auto(Work) work = { 0 };
	g_auto(Reset) reset = { .request = request };
	GError *cause = NULL;

	if (!check_first(op, request, &reset.paper, error) ||
	    !work_open(&work, op, &wanted, error) ||
	    !pin_rule_check(op,
			    &(PinRuleRequest){ .card = work.card,
					       .holder = work.card->holder,
					       .desk = work.desk,
					       .pin = request->pin },
			    &reset.trace, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("pin-reset.begin");
	if (!begin(&work, request, error))
		return FALSE;
	FAILPOINT("pin-reset.begun");
	if ((op->is_list_due && !publish_now(op->house, op->now, &cause)) ||
	    !touch_card(&work, &reset, &cause) || !finish(&work, &reset, &cause))
		return fail(&work, reset.is_touched, cause, error);
	FAILPOINT("pin-reset.done");
	return TRUE;
}
