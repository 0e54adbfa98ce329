/* SPDX-License-Identifier: Apache-2.0
 * The frame of all work with a card in a reader. */
#include "daemon/op/work.h"

#include "daemon/base/error.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/dump.h"
#include "daemon/op/repair.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_intent.h"

static gboolean deny(const Work *work, GError **error)
{
	g_autofree char *needed =
		role_table_names(work->op->house->role_table, work->request->roles);

	return error_set(error, ERROR_DENIED,
			 N_("%s may not do this to card %s: it takes the role %s"),
			 work->op->actor->id, work->card->number, needed);
}

static gboolean allow(StoreTx *tx, Work *work, GError **error)
{
	const WorkRequest *request = work->request;
	AllowRequest question = {
		.card = work->card,
		.event = request->event,
		.holder = request->holder != 0 ? request->holder : work->card->holder,
		.authority =
			request->authority != NULL ? request->authority : work->card->authority,
		.replaces = request->replaces,
		.witness = request->witness,
	};
	gboolean is_allowed;

	if (request->event != _CARD_EVENT_MAX)
		return allow_event(tx, work->op, &question, error) != NULL;
	if (!allow_role(tx, work->op, work->card, request->roles, &is_allowed, error))
		return FALSE;
	return is_allowed || deny(work, error);
}

static gboolean load(StoreTx *tx, Work *work, GError **error)
{
	g_clear_pointer(&work->card, card_free);
	work->card = store_card_get(tx, work->request->card, error);
	return work->card != NULL;
}

/* An operation at work has the card in its reader; any other open intent was left behind and is
 * finished first, if the card lies here. */
static gboolean finish_left(const Work *work, GError **error)
{
	const Op *op = work->op;
	const char *card = work->request->card;
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(Intent) left = NULL;
	g_autoptr(GError) why = NULL;

	if (tx == NULL || !store_intent_of_card(tx, card, &left, error))
		return FALSE;
	g_clear_pointer(&tx, store_tx_abort);
	if (left == NULL || (!op->is_dry_run && !at_reader_is_busy_with(op->house, card) &&
			     repair_left(op->house, card, work->request->reader, op->now, &why)))
		return TRUE;
	return error_set(error, ERROR_BUSY,
			 N_("card %s has an unfinished operation (%s, %s); put the card "
			    "into a reader so that it can be finished"),
			 card, left->kind, left->id);
}

gboolean work_open(Work *work, Op *op, const WorkRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;

	*work = (Work){ .op = op, .request = request };
	if (!finish_left(work, error))
		return FALSE;
	tx = store_tx_read(op->house->store, error);
	if (tx == NULL || !load(tx, work, error) || !allow(tx, work, error))
		return FALSE;
	g_clear_pointer(&tx, store_tx_abort);
	work->number = op->steps != NULL && !op->has_intent ? g_strdup(steps_id(op->steps))
							    : op_job_id(op->house, op->now, error);
	if (work->number == NULL)
		return FALSE;
	steps_add(op->steps, "look", N_("Looking for the card in the reader"));
	work->desk = at_reader_open(op, work->card, request->reader, error);
	return work->desk != NULL;
}

/* A loss or a return reported while the card was worked on has closed the intent: what was decided
 * about the card then must not be overwritten. */
static gboolean is_still_mine(StoreTx *tx, const Work *work, GError **error)
{
	g_autoptr(Intent) intent = store_intent_get(tx, work->intent, error);

	if (intent == NULL)
		return FALSE;
	return intent->closed_at == 0 ||
	       error_set(error, ERROR_STATE,
			 N_("card %s was changed by somebody else meanwhile; look at it and "
			    "try again"),
			 work->card->number);
}

/* Only where the conversation itself broke: a card that refused is not asked again. */
static gboolean is_broken_off(CardFailureKind kind)
{
	return kind == CARD_FAILURE_CRASHED || kind == CARD_FAILURE_TIMEOUT ||
	       kind == CARD_FAILURE_PROTOCOL;
}

gboolean work_reopen(Work *work, GError **error)
{
	g_autofree char *reader = g_strdup(work->desk->name);
	g_autoptr(StoreTx) tx = NULL;

	if (!is_broken_off(work->failed))
		return FALSE;
	g_clear_pointer(&work->desk, at_reader_close);
	work->desk = at_reader_open(work->op, work->card, reader, error);
	/* The reader was free for a moment: somebody else may have finished it. */
	tx = work->desk != NULL ? store_tx_read(work->op->house->store, error) : NULL;
	return tx != NULL && is_still_mine(tx, work, error);
}

void work_clear(Work *work)
{
	g_clear_pointer(&work->desk, at_reader_close);
	g_clear_pointer(&work->card, card_free);
	g_clear_pointer(&work->number, g_free);
	g_clear_pointer(&work->intent, g_free);
}

StoreTx *work_tx(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(work->op->house->store, STORE_NORMAL, error);

	if (tx == NULL || !load(tx, work, error))
		return NULL;
	if (work->intent != NULL ? !is_still_mine(tx, work, error) : !allow(tx, work, error))
		return NULL;
	return g_steal_pointer(&tx);
}

gboolean work_intend(StoreTx *tx, Work *work, json_t *body, const Record *record, GError **error)
{
	char *text = body != NULL ? dump_json(body) : NULL;
	Intent intent = {
		.id = work->number,
		.kind = (char *) work->request->kind,
		.card = work->card->number,
		.step = (char *) "begun",
		.body = text != NULL ? text : (char *) "{}",
		.opened_at = work->op->now,
	};
	gboolean is_open = store_intent_open(tx, &intent, error);

	g_free(text);
	if (!is_open)
		json_decref(record->extra);
	is_open = is_open && record_card(tx, work->op, work->card, record, error);
	if (is_open) {
		work->intent = g_strdup(work->number);
		work->op->has_intent = TRUE;
	}
	return is_open;
}

gboolean work_step(StoreTx *tx, Work *work, const char *step, json_t *body, GError **error)
{
	char *text = body != NULL ? dump_json(body) : NULL;
	gboolean is_done = store_intent_step(tx, work->intent, step, text, error);

	g_free(text);
	return is_done;
}

gboolean work_close(StoreTx *tx, Work *work, const char *outcome, GError **error)
{
	return store_intent_close(tx, work->intent, outcome, work->op->now, error);
}

/* The chip itself refused, whatever reader it lies in. */
static gboolean has_refused(const Work *work)
{
	return work->failed == CARD_FAILURE_DAMAGED || work->failed == CARD_FAILURE_NOT_EMPTY ||
	       work->failed == CARD_FAILURE_CARD_ERROR || work->failed == CARD_FAILURE_FOREIGN ||
	       work->failed == CARD_FAILURE_SO_PIN_LOCKED;
}

static gboolean quarantine(StoreTx *tx, Work *work, const char *note, GError **error)
{
	Record record = { .kind = lifecycle_event_name(EVENT_SET_ASIDE),
			  .article = "N31",
			  .from = card_state_name(work->card->state),
			  .note = note };

	work->card->state = CARD_QUARANTINED;
	work->card->no_reuse = TRUE;
	return store_card_put(tx, work->card, error) &&
	       record_card(tx, work->op, work->card, &record, error);
}

void work_give_up(Work *work, const char *kind, gboolean is_quarantined, const GError *cause)
{
	g_autoptr(GError) ignored = NULL;
	g_autoptr(StoreTx) tx = work_tx(work, &ignored);
	Record record = { .kind = kind, .article = "N62", .note = error_ja(cause) };

	if (tx == NULL || !work_close(tx, work, "failed", &ignored) ||
	    !record_card(tx, work->op, work->card, &record, &ignored) ||
	    (is_quarantined && has_refused(work) &&
	     !quarantine(tx, work, error_ja(cause), &ignored)) ||
	    !cert_status_commit(work->op, &tx, &ignored))
		return;
}

gboolean work_fail(Work *work, const CardFailure *failure, GError **error)
{
	work->failed = failure->kind;
	return at_reader_fail(error, failure, work->card->number);
}
