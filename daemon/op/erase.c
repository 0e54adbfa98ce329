/* SPDX-License-Identifier: Apache-2.0
 * 消去. */
#include "daemon/op/erase.h"

#include "daemon/base/error.h"
#include "daemon/op/personalise.h"
#include "daemon/op/witness.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_pin.h"
#include "pkcs11/failpoint.h"

static gboolean begin(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = work_tx(work, error);
	Record record = { .kind = "erase-begin",
			  .article = "N32",
			  .second = work->request->witness,
			  .from = card_state_name(CARD_RETURNED) };

	return tx != NULL && work_intend(tx, work, NULL, &record, error) &&
	       store_tx_commit(&tx, error);
}

static gboolean mark_erased(StoreTx *tx, const Op *op, Card *card, const EraseRequest *request,
			    GError **error)
{
	Pin pin = { .state = PIN_BLOCKED };
	Record record = {
		.kind = lifecycle_event_name(EVENT_ERASE),
		.article = "N32",
		.second = request->witness,
		.from = card_state_name(card->state),
		.note = request->is_unerasable ? "消去不能" : NULL,
	};

	WitnessCard done = { .card = card->number, .erased_at = op->now };

	if (request->session != NULL) {
		if (!store_session_done(tx, request->session, &done, error))
			return FALSE;
		record.extra = json_pack("{s:s}", "session", request->session);
	}
	card->state = CARD_ERASED;
	if (request->is_unerasable)
		card->no_reuse = TRUE;
	if (store_card_put(tx, card, error) && store_pin_put(tx, card->number, &pin, error))
		return record_card(tx, op, card, &record, error);
	json_decref(record.extra);
	return FALSE;
}

static gboolean finish(Work *work, const EraseRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;

	FAILPOINT("erase.wiped");
	tx = work_tx(work, error);
	return tx != NULL && mark_erased(tx, work->op, work->card, request, error) &&
	       work_close(tx, work, "done", error) && store_tx_commit(&tx, error);
}

static gboolean note_unerasable(Op *op, const EraseRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;
	AllowRequest question = { .card = card, .event = EVENT_ERASE, .witness = request->witness };

	if (card == NULL)
		return FALSE;
	question.holder = card->holder;
	if (allow_event(tx, op, &question, error) == NULL)
		return FALSE;
	return op->is_dry_run ||
	       (mark_erased(tx, op, card, request, error) && store_tx_commit(&tx, error));
}

static gboolean erase(Op *op, const EraseRequest *request, GError **error)
{
	WorkRequest wanted = { .card = request->card,
			       .reader = request->reader,
			       .event = EVENT_ERASE,
			       .kind = "erase",
			       .witness = request->witness };
	g_auto(Work) work = { 0 };
	g_autoptr(GError) cause = NULL;

	if (request->is_unerasable)
		return note_unerasable(op, request, error);
	if (!work_open(&work, op, &wanted, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("erase.begin");
	if (!begin(&work, error))
		return FALSE;
	FAILPOINT("erase.begun");
	if (!personalise_wipe(&work, &cause) || !finish(&work, request, &cause)) {
		work_give_up(&work, "operation-failed", TRUE, cause);
		g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	FAILPOINT("erase.done");
	return TRUE;
}

/* The witness of the session stands for the one that would be named; also once the card is under
 * way, so a session closed meanwhile ends nothing half. */
static gboolean find_witness(const Op *op, const EraseRequest *request, char **ret_witness,
			     GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);

	*ret_witness = tx != NULL ? witness_of(tx, request->session, request->card, error) : NULL;
	return *ret_witness != NULL;
}

gboolean erase_card(Op *op, const EraseRequest *request, GError **error)
{
	g_autofree char *witness = NULL;
	EraseRequest named = *request;

	if (request->session == NULL)
		return erase(op, request, error);
	if (!find_witness(op, request, &witness, error))
		return FALSE;
	named.witness = witness;
	return erase(op, &named, error);
}
