/* SPDX-License-Identifier: Apache-2.0
 * カードチェック. Nothing on the card is changed, so there is no intent. */
#include "daemon/op/card_check.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/personalise.h"
#include "daemon/op/publish.h"
#include "daemon/op/suspend.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_round.h"
#include "pkcs11/failpoint.h"

#define DESK (ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SECTION_MANAGER))

/* The certificate the card must carry; *ret_certificate NULL for a card without any. */
static gboolean find_certificate(const Work *work, Certificate **ret_certificate, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(work->op->house->store, error);
	g_autoptr(GPtrArray) list =
		tx != NULL ? store_certificate_of_card(tx, work->card->number, error) : NULL;

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Certificate *row = list->pdata[i];

		if (row->state != CERTIFICATE_REVOKED && row->der != NULL) {
			*ret_certificate = g_ptr_array_steal_index(list, i);
			return TRUE;
		}
	}
	return list != NULL;
}

static gboolean read_certificate(Work *work, const Certificate *certificate, GError **error)
{
	gsize length;
	const void *der = g_bytes_get_data(certificate->der, &length);
	CardFailure failure;

	steps_add(work->op->steps, "read", N_("Reading the certificate from the card"));
	if (card_client_find(work->desk->client, der, length, &failure))
		return TRUE;
	if (failure.kind != CARD_FAILURE_DAMAGED)
		return work_fail(work, &failure, error);
	return error_set(
		error, ERROR_CARD,
		N_("card %s does not carry its certificate: it is a copy or damaged; put it "
		   "on hold (`opcardctl suspend %s --reason ORDER`) and examine it"),
		work->card->number, work->card->number);
}

static gboolean prove(Work *work, const CardCheckRequest *request, const Certificate *certificate,
		      int *ret_tries_left, GError **error)
{
	CardFailure failure;

	steps_add(work->op->steps, "login", N_("Testing the PIN by one login"));
	if (!card_client_check(work->desk->client, request->pin, FALSE, &failure)) {
		*ret_tries_left = failure.tries_left;
		return work_fail(work, &failure, error);
	}
	return personalise_prove(work, certificate->spki, error);
}

static gboolean touch_card(Work *work, const CardCheckRequest *request, int *ret_tries_left,
			   GError **error)
{
	g_autoptr(Certificate) certificate = NULL;

	if (!find_certificate(work, &certificate, error))
		return FALSE;
	if (certificate == NULL)
		return request->pin == NULL ||
		       error_set(error, ERROR_STATE,
				 N_("card %s has no certificate in force; check it without a PIN"),
				 work->card->number);
	return read_certificate(work, certificate, error) &&
	       (request->pin == NULL || prove(work, request, certificate, ret_tries_left, error));
}

/* What a missed round put ends when the card is shown; whoever has no right any more stays out. */
static gboolean lift(StoreTx *tx, Work *work, GError **error)
{
	g_autoptr(GPtrArray) holds = store_hold_of_card(tx, work->card->number, error);
	g_autoptr(GError) ended = NULL;

	for (guint i = 0; holds != NULL && i < holds->len; i++) {
		const Hold *hold = holds->pdata[i];

		if (hold->card == NULL || hold->reason != HOLD_UNCHECKED)
			continue;
		return !allow_eligible(tx, work->op, work->card, &ended) ||
		       suspend_lift(tx, work->op, work->card, HOLD_UNCHECKED, error);
	}
	return holds != NULL;
}

static gboolean finish(Work *work, const CardCheckRequest *request, GError **error)
{
	Op *op = work->op;
	g_autoptr(StoreTx) tx = work_tx(work, error);
	g_autofree char *round = NULL;
	CheckRoundCard seen = {
		.card = (char *) request->card,
		.seen_at = op->now,
		.seen_by = op->actor->id,
		.proof = (char *) (request->pin != NULL ? "signed" : "read"),
	};
	Record record = { .kind = "card-check", .article = "T48" };

	if (tx == NULL || !store_round_seen(tx, &seen, &round, error) || !lift(tx, work, error))
		return FALSE;
	g_free(work->card->checked_on);
	work->card->checked_on = clock_date(op->now);
	if (!store_card_put(tx, work->card, error))
		return FALSE;
	record.extra = json_pack("{s:s, s:s*}", "proof", seen.proof, "round", round);
	return record_card(tx, op, work->card, &record, error) &&
	       cert_status_commit(op, &tx, error);
}

gboolean card_check(Op *op, const CardCheckRequest *request, int *ret_tries_left, GError **error)
{
	WorkRequest wanted = { .card = request->card,
			       .reader = request->reader,
			       .event = _CARD_EVENT_MAX,
			       .kind = "check",
			       .roles = DESK | (request->pin != NULL ? ROLE_SET(ROLE_HOLDER) : 0) };
	g_auto(Work) work = { 0 };

	if (!work_open(&work, op, &wanted, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("card-check.begin");
	if (!touch_card(&work, request, ret_tries_left, error))
		return FALSE;
	FAILPOINT("card-check.read");
	if (!finish(&work, request, error))
		return FALSE;
	FAILPOINT("card-check.done");
	return !op->is_list_due || publish_now(op->house, op->now, error);
}
