/* SPDX-License-Identifier: Apache-2.0
 * The frame of all work with a card in a reader. */
#include "daemon/op/work.h"

#include "daemon/base/error.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/dump.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_intent.h"

static gboolean deny(const Work *work, GError **error)
{
	g_autofree char *needed = role_set_names(work->request->roles);

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

gboolean work_open(Work *work, Op *op, const WorkRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(Intent) other = NULL;

	*work = (Work){ .op = op, .request = request };
	if (tx == NULL || !load(tx, work, error) || !allow(tx, work, error) ||
	    !store_intent_of_card(tx, work->card->number, &other, error))
		return FALSE;
	if (other != NULL)
		return error_set(error, ERROR_BUSY,
				 N_("card %s has an unfinished operation (%s, %s); put the card "
				    "into a reader so that it can be finished"),
				 work->card->number, other->kind, other->id);
	g_clear_pointer(&tx, store_tx_abort);
	work->number = op->steps != NULL && !op->has_intent ? g_strdup(steps_id(op->steps))
							    : op_job_id(op->house, op->now, error);
	if (work->number == NULL)
		return FALSE;
	steps_add(op->steps, "look", N_("Looking for the card in the reader"));
	work->desk = at_reader_open(op, work->card, request->reader, error);
	return work->desk != NULL;
}

void work_clear(Work *work)
{
	g_clear_pointer(&work->desk, at_reader_close);
	g_clear_pointer(&work->card, card_free);
	g_clear_pointer(&work->number, g_free);
	g_clear_pointer(&work->intent, g_free);
}

StoreTx *work_undo_tx(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(work->op->house->store, STORE_NORMAL, error);

	return tx != NULL && load(tx, work, error) ? g_steal_pointer(&tx) : NULL;
}

/* A loss may be reported while the card is being worked on: what was decided then stands. */
static gboolean check_untouched(const Work *work, gint64 version, GError **error)
{
	return work->card->version == version ||
	       error_set(
		       error, ERROR_BUSY,
		       N_("card %s was changed by somebody else meanwhile (now %s); look at it and "
			  "try again"),
		       work->card->number, card_state_label(card_shown(work->card)));
}

StoreTx *work_tx(Work *work, GError **error)
{
	gint64 version = work->card->version;
	g_autoptr(StoreTx) tx = work_undo_tx(work, error);

	if (tx == NULL)
		return NULL;
	if (work->intent == NULL ? !allow(tx, work, error) : !check_untouched(work, version, error))
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
	gboolean is_open = store_intent_open(tx, &intent, error) &&
			   record_card(tx, work->op, work->card, record, error);

	g_free(text);
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

	if (lifecycle_find(card_shown(work->card), EVENT_SET_ASIDE) == NULL)
		return TRUE;
	work->card->state = CARD_QUARANTINED;
	work->card->no_reuse = TRUE;
	return store_card_put(tx, work->card, error) &&
	       record_card(tx, work->op, work->card, &record, error);
}

void work_give_up(Work *work, const char *kind, gboolean is_quarantined, const GError *cause)
{
	g_autoptr(GError) ignored = NULL;
	g_autoptr(StoreTx) tx = work_undo_tx(work, &ignored);
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
