/* SPDX-License-Identifier: Apache-2.0
 * Changes of certificate states. Before COMMIT of a restriction OCSP says tryLater, after COMMIT
 * the new state; a loosening is told only after COMMIT. */
#include "daemon/op/cert_status.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/publish.h"
#include "daemon/op/spool.h"
#include "daemon/store/store_certificate.h"
#include "pkcs11/failpoint.h"

static StatusState status_of(CertificateState state)
{
	static const StatusState states[_CERTIFICATE_STATE_MAX] = {
		[CERTIFICATE_PENDING] = STATUS_PENDING,
		[CERTIFICATE_VALID] = STATUS_VALID,
		[CERTIFICATE_HOLD] = STATUS_HOLD,
		[CERTIFICATE_REVOKED] = STATUS_REVOKED,
	};

	return states[state];
}

static CertStatusChange change_of(const Certificate *certificate)
{
	CertStatusChange change = {
		.entry = {
			.since = certificate->since,
			.not_after = certificate->not_after,
			.issuer = (guint16) certificate->issuer,
			.state = (guint8) status_of(certificate->state),
			.reason = certificate->reason == REVOCATION_NONE
					  ? 0
					  : (guint8) certificate->reason,
		},
	};

	memcpy(change.entry.serial, certificate->serial, CERTIFICATE_SERIAL_BYTES);
	return change;
}

gboolean cert_status_put(StoreTx *tx, Op *op, const Certificate *certificate, gint64 invalid_from,
			 GError **error)
{
	CertStatusChange change = change_of(certificate);

	if (!store_certificate_set_status(tx, certificate, invalid_from, error))
		return FALSE;
	change.invalid_from = invalid_from;
	change.is_marked = certificate->state != CERTIFICATE_VALID;
	change.is_listed = TRUE;
	if (change.is_marked)
		status_index_mark(op->house->index, change.entry.issuer, change.entry.serial);
	g_array_append_val(op->touched, change);
	return TRUE;
}

gboolean cert_status_set_one(StoreTx *tx, Op *op, Certificate *certificate,
			     const CertStatusOrder *order, GError **error)
{
	CertificateState was = certificate->state;
	CertStatusChange *change;

	/* Reported lost, and only not yet in the register. */
	if (order->to == CERTIFICATE_VALID && spool_has(op->house->spool, certificate->card))
		return error_set(
			error, ERROR_BUSY,
			N_("a loss of card %s was reported that is not in the register yet; "
			   "try again in a minute"),
			certificate->card);
	if (order->to == CERTIFICATE_VALID)
		certificate->since = 0;
	else if (certificate->state != CERTIFICATE_HOLD)
		certificate->since = op_effective(op);
	certificate->state = order->to;
	certificate->reason = order->to == CERTIFICATE_VALID ? REVOCATION_NONE : order->reason;
	if (!cert_status_put(tx, op, certificate, order->invalid_from, error))
		return FALSE;
	change = &g_array_index(op->touched, CertStatusChange, op->touched->len - 1);
	change->is_listed = change->is_marked || was == CERTIFICATE_HOLD;
	return TRUE;
}

gboolean cert_status_set(StoreTx *tx, Op *op, const char *card, const CertStatusOrder *order,
			 GError **error)
{
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, card, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		Certificate *certificate = list->pdata[i];

		/* Only a hand-over or a renewal makes its own certificate valid, by name. */
		if (order->to == CERTIFICATE_VALID && certificate->state == CERTIFICATE_PENDING)
			continue;
		if (certificate_may(certificate->state, order->to) &&
		    !cert_status_set_one(tx, op, certificate, order, error))
			return FALSE;
	}
	return list != NULL;
}

void cert_status_show(House *house, const Certificate *certificate, gint64 invalid_from)
{
	CertStatusChange change = change_of(certificate);

	publish_note(publish_of(house->publisher, change.entry.issuer), &change.entry,
		     invalid_from);
	status_index_set(house->index, &change.entry);
}

void cert_status_note(Op *op, const Certificate *certificate)
{
	CertStatusChange change = change_of(certificate);

	g_array_append_val(op->touched, change);
}

/* The number one CA's next list will have. */
typedef struct Taken {
	guint16 issuer;
	guint64 number;
} Taken;

static gboolean has_taken(const GArray *taken, guint16 issuer)
{
	for (guint i = 0; i < taken->len; i++)
		if (g_array_index(taken, Taken, i).issuer == issuer)
			return TRUE;
	return FALSE;
}

static gboolean take_numbers(const Op *op, StoreTx *tx, GArray *taken, GError **error)
{
	for (guint i = 0; i < op->touched->len; i++) {
		const CertStatusChange *change = &g_array_index(op->touched, CertStatusChange, i);
		Taken one = { .issuer = change->entry.issuer };

		if (!change->is_listed || has_taken(taken, one.issuer))
			continue;
		if (!publish_take_number(tx, op, one.issuer, &one.number, error))
			return FALSE;
		g_array_append_val(taken, one);
	}
	return TRUE;
}

gboolean cert_status_commit(Op *op, StoreTx **tx, GError **error)
{
	g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(Taken));
	Publisher *first = op->house->publisher;

	if (!take_numbers(op, *tx, taken, error) || !store_tx_commit(tx, error)) {
		cert_status_forget(op);
		return FALSE;
	}
	FAILPOINT("status.committed");
	for (guint i = 0; i < op->touched->len; i++) {
		const CertStatusChange *change = &g_array_index(op->touched, CertStatusChange, i);

		publish_note(publish_of(first, change->entry.issuer), &change->entry,
			     change->invalid_from);
		status_index_set(op->house->index, &change->entry);
	}
	g_array_set_size(op->touched, 0);
	for (guint i = 0; i < taken->len; i++) {
		const Taken *one = &g_array_index(taken, Taken, i);

		publish_give_number(publish_of(first, one->issuer), one->number);
	}
	op->is_list_due = op->is_list_due || taken->len > 0;
	return TRUE;
}

void cert_status_forget(Op *op)
{
	for (guint i = 0; i < op->touched->len; i++) {
		const CertStatusChange *change = &g_array_index(op->touched, CertStatusChange, i);

		if (change->is_marked)
			status_index_clear(op->house->index, change->entry.issuer,
					   change->entry.serial);
	}
	g_array_set_size(op->touched, 0);
}
