/* SPDX-License-Identifier: Apache-2.0
 * Changes of certificate states: in the transaction, in the OCSP index, and on the list, in the
 * order that never lets a restricted certificate be answered "good". */
#pragma once

#include "daemon/core/certificate.h"
#include "daemon/op/op.h"

typedef struct CertStatusChange {
	StatusEntry entry;   /* as it will be after the commit */
	gint64 invalid_from; /* loss time or 0 */
	gboolean is_marked;  /* a restriction: CHANGING until the commit */
	gboolean is_listed;  /* goes onto the revocation list or leaves it */
} CertStatusChange;

typedef struct CertStatusOrder {
	CertificateState to;
	RevocationReason reason; /* for HOLD and REVOKED */
	gint64 invalid_from;     /* loss time or 0 */
} CertStatusOrder;

/* Every certificate of @card that may go to the ordered state does, but none from PENDING to VALID.
 * A revocation after a hold keeps the hold's time. */
gboolean cert_status_set(StoreTx *tx, Op *op, const char *card, const CertStatusOrder *order,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Like cert_status_set() for one certificate; @certificate gets the new values. */
gboolean cert_status_set_one(StoreTx *tx, Op *op, Certificate *certificate,
			     const CertStatusOrder *order,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @certificate as it is from now on, with its own times; it stands on the list, or leaves it. */
gboolean cert_status_put(StoreTx *tx, Op *op, const Certificate *certificate, gint64 invalid_from,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Outside any transaction: OCSP and the next list tell @certificate as it is here. */
void cert_status_show(House *house, const Certificate *certificate, gint64 invalid_from);
/* A newly recorded certificate: known to the index once committed. */
void cert_status_note(Op *op, const Certificate *certificate);
/* Commits and tells index and list; on failure nothing is changed anywhere. */
gboolean cert_status_commit(Op *op, StoreTx **tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes back the marks of a transaction that did not commit. */
void cert_status_forget(Op *op);
