/* SPDX-License-Identifier: Apache-2.0
 * 更新. Until the last transaction the old certificate stays the valid one. */
#include "daemon/op/renew.h"

#include "daemon/base/error.h"
#include "daemon/op/allow_key.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/personalise.h"
#include "daemon/op/publish.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "pkcs11/failpoint.h"

static gboolean begin(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = work_tx(work, error);
	Record record = { .kind = "renew-begin", .article = "T29" };

	return tx != NULL && work_intend(tx, work, NULL, &record, error) &&
	       store_tx_commit(&tx, error);
}

static gboolean finish(Work *work, Certificate *fresh, GError **error)
{
	CertStatusOrder superseded = { .to = CERTIFICATE_REVOKED, .reason = REVOCATION_SUPERSEDED };
	CertStatusOrder valid = { .to = CERTIFICATE_VALID };
	CertStatusOrder held = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	g_autoptr(StoreTx) tx = work_tx(work, error);
	g_autoptr(GPtrArray) list =
		tx != NULL ? store_certificate_of_card(tx, work->card->number, error) : NULL;
	Record record = { .kind = lifecycle_event_name(EVENT_RENEW),
			  .article = "T29",
			  .from = card_state_name(work->card->state) };

	if (list == NULL || !store_certificate_set_der(tx, fresh, error))
		return FALSE;
	for (guint i = 0; i < list->len; i++) {
		Certificate *row = list->pdata[i];
		gboolean is_fresh =
			memcmp(row->serial, fresh->serial, CERTIFICATE_SERIAL_BYTES) == 0;
		const CertStatusOrder *order = is_fresh ? &valid : &superseded;

		if (certificate_may(row->state, order->to) &&
		    !cert_status_set_one(tx, work->op, row, order, error))
			return FALSE;
	}
	/* Suspended while the renewal was under way. */
	if (work->card->is_held && !cert_status_set(tx, work->op, work->card->number, &held, error))
		return FALSE;
	return store_card_put(tx, work->card, error) &&
	       record_card(tx, work->op, work->card, &record, error) &&
	       work_close(tx, work, "done", error) && cert_status_commit(work->op, &tx, error);
}

static GBytes *current_certificate(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(work->op->house->store, error);
	g_autoptr(GPtrArray) list =
		tx != NULL ? store_certificate_of_card(tx, work->card->number, error) : NULL;

	const Certificate *certificate = list != NULL ? certificate_in_force(list) : NULL;

	if (certificate != NULL && certificate->der != NULL)
		return g_bytes_ref(certificate->der);
	if (list != NULL)
		error_set(error, ERROR_INTERNAL, N_("card %s has no certificate"),
			  work->card->number);
	return NULL;
}

static gboolean keep_only(Work *work, GBytes *der, GError **error)
{
	gsize length;
	const void *bytes = g_bytes_get_data(der, &length);
	CardFailure failure;

	return card_client_keep(work->desk->client, bytes, length, &failure) ||
	       work_fail(work, &failure, error);
}

/* A renewal that was cut off may have left a key that nothing stands behind; there is no room for
 * a third. */
static gboolean drop_leftovers(Work *work, GError **error)
{
	g_autoptr(GBytes) current = current_certificate(work, error);

	return current != NULL && keep_only(work, current, error);
}

/* The new key must not stay on the card when its certificate never became valid; if it cannot be
 * removed now, the next renewal does it. */
static void undo(Work *work, const GError *cause)
{
	CertStatusOrder revoked = { .to = CERTIFICATE_REVOKED, .reason = REVOCATION_CESSATION };
	g_autoptr(GError) ignored = NULL;
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(GPtrArray) list = NULL;

	cert_status_forget(work->op);
	if (!drop_leftovers(work, &ignored))
		g_clear_error(&ignored);
	tx = work_tx(work, &ignored);
	list = tx != NULL ? store_certificate_of_card(tx, work->card->number, &ignored) : NULL;
	for (guint i = 0; list != NULL && i < list->len; i++) {
		Certificate *row = list->pdata[i];

		if (row->state == CERTIFICATE_PENDING &&
		    !cert_status_set_one(tx, work->op, row, &revoked, &ignored))
			return;
	}
	if (list != NULL && cert_status_commit(work->op, &tx, &ignored))
		work_give_up(work, "operation-failed", FALSE, cause);
}

static gboolean log_in(Work *work, const RenewRequest *request, int *ret_tries_left, GError **error)
{
	CardFailure failure;

	steps_add(work->op->steps, "login", N_("Testing the PIN by one login"));
	if (card_client_check(work->desk->client, request->pin, FALSE, &failure))
		return TRUE;
	*ret_tries_left = failure.tries_left;
	return work_fail(work, &failure, error);
}

static gboolean drop_old(Work *work, const Certificate *fresh, GError **error)
{
	g_autoptr(GError) cause = NULL;

	steps_add(work->op->steps, "drop", N_("Removing the old key from the card"));
	if (keep_only(work, fresh->der, &cause)) {
		FAILPOINT("renew.dropped");
		return TRUE;
	}
	return error_set(error, ERROR_PARTLY,
			 N_("card %s is renewed, but its old key could not be removed; its "
			    "certificate is revoked, run the renewal again at the next visit"),
			 work->card->number);
}

gboolean renew_card(Op *op, const RenewRequest *request, int *ret_tries_left, GError **error)
{
	WorkRequest wanted = { .card = request->card,
			       .reader = request->reader,
			       .event = EVENT_RENEW,
			       .kind = "renew" };
	g_auto(Work) work = { 0 };
	g_autoptr(Certificate) fresh = NULL;
	g_autoptr(GError) cause = NULL;
	g_autoptr(Issuer) issuer = op_issuer(op, error);

	if (issuer == NULL || !allow_key_issue(op, issuer, error) ||
	    !work_open(&work, op, &wanted, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("renew.begin");
	if (!begin(&work, error))
		return FALSE;
	FAILPOINT("renew.begun");
	if (!log_in(&work, request, ret_tries_left, &cause) || !drop_leftovers(&work, &cause) ||
	    !personalise_card(&work, TRUE, &fresh, &cause) || !finish(&work, fresh, &cause)) {
		undo(&work, cause);
		g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	FAILPOINT("renew.done");
	return (!op->is_list_due || publish_now(op->house, op->now, error)) &&
	       drop_old(&work, fresh, error);
}
