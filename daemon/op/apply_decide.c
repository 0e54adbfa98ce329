/* SPDX-License-Identifier: Apache-2.0
 * Decisions on applications, and the one thing that follows from some of them. */
#include "daemon/op/apply_decide.h"

#include "daemon/base/error.h"
#include "daemon/op/apply_lines.h"
#include "daemon/op/apply_new.h"
#include "daemon/op/pin_permit.h"
#include "daemon/store/store_card.h"
#include "pkcs11/failpoint.h"

#define FORM_USERS 2
#define FORM_PIN   6

typedef struct Turn {
	StoreTx *tx;
	const Op *op;
	const ApplyDecision *decision;
	ImportResult *result;
} Turn;

/* What followed from the register when it was written may not follow from it now (T35). */
static gboolean renew_lines(StoreTx *tx, const Op *op, Application *row, ImportResult *result,
			    GError **error)
{
	json_t *body = apply_body(row);
	const char *from = json_string_value(json_object_get(body, "from"));
	g_autoptr(GPtrArray) rows = apply_lines_rows(json_object_get(body, "lines"));
	g_autoptr(GPtrArray) steps = NULL;
	DesignateRequest report = {
		.file = row->id, .section = row->section, .from = (char *) from, .rows = rows
	};
	DesignatePlan plan = { tx, op, &report, result };

	if (apply_new_check_day(op, from, error))
		steps = designate_plan(&plan, error);
	if (steps != NULL) {
		json_object_set_new(body, "lines", apply_lines_of(steps));
		apply_set_body(row, json_incref(body));
	}
	json_decref(body);
	return steps != NULL;
}

static gboolean permit(StoreTx *tx, const Op *op, const Application *row, GError **error)
{
	g_autoptr(Card) card = store_card_get(tx, row->card, error);

	return card != NULL && pin_permit_grant(tx, op, card, row, error);
}

/* What must hold or happen before the step is written. */
static gboolean prepare(Turn *turn, Application *row, GError **error)
{
	StoreTx *tx = turn->tx;
	const Op *op = turn->op;
	ApplicationEvent event = turn->decision->event;

	if (row->form == FORM_USERS && (event == APPLY_SUBMIT || event == APPLY_INVESTIGATE))
		return renew_lines(tx, op, row, turn->result, error);
	if (row->form == FORM_PIN && event == APPLY_APPROVE && !row->is_urgent && !op->is_dry_run)
		return permit(tx, op, row, error);
	if (row->confirmation != NULL && !op->is_dry_run &&
	    (event == APPLY_APPROVE || event == APPLY_REJECT))
		return event == APPLY_APPROVE
			       ? pin_permit_agree(tx, op, row, error)
			       : pin_permit_reject(tx, op, row, turn->decision->note, error);
	return TRUE;
}

static gboolean take(Turn *turn, Application *row, GError **error)
{
	const ApplyDecision *decision = turn->decision;
	ApplyStep step = { .event = decision->event, .note = decision->note };
	const ApplicationRule *rule = apply_allow(turn->tx, turn->op, row, &step, error);

	if (rule == NULL || !prepare(turn, row, error))
		return FALSE;
	if (turn->op->is_dry_run)
		return TRUE;
	FAILPOINT("apply-decide.before");
	return apply_go(turn->tx, turn->op, row, &step, error) &&
	       apply_settle(turn->tx, turn->op, row, error);
}

static gboolean decide(Op *op, const ApplyDecision *decision, ImportResult *result, GError **error)
{
	g_autoptr(StoreTx) tx = op->is_dry_run
					? store_tx_read(op->house->store, error)
					: store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Application) row =
		tx != NULL ? store_application_get(tx, decision->id, error) : NULL;
	Turn turn = { tx, op, decision, result };

	if (row == NULL || !apply_check_person(op, error) || !take(&turn, row, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	if (!store_tx_commit(&tx, error))
		return FALSE;
	FAILPOINT("apply-decide.after");
	return TRUE;
}

gboolean apply_decide(Op *op, const ApplyDecision *decision, ImportResult *result, GError **error)
{
	GError *refusal = NULL;

	if (decide(op, decision, result, &refusal))
		return TRUE;
	apply_record_refusal(op, decision->id, decision->event, refusal, result->lines);
	g_propagate_error(error, refusal);
	return FALSE;
}
