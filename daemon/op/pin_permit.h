/* SPDX-License-Identifier: Apache-2.0
 * Leave to reset a PIN (T28): an accepted form 6 authorises one reset of one card for some days;
 * an urgent reset is done first and approved afterwards (N81). */
#pragma once

#include "daemon/op/op.h"
#include "daemon/store/store_application.h"
#include "daemon/store/store_pin_reset.h"

/* Name of the confirmation that approves an urgent reset. */
#define PIN_PERMIT_EVENT "pin-reset"
/* Kind of the case when an urgent reset was not approved. */
#define PIN_PERMIT_REJECTED "pin-reset-rejected"

typedef struct PinPermitRequest {
	const char *card;
	const char *paper; /* reference of the form 6 as received */
} PinPermitRequest;

/* The system-admin accepts and approves a form 6 on paper, not for the own card (N05). */
gboolean pin_permit_accept(Op *op, const PinPermitRequest *request,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The form 6 @row is approved: one reset of its card is authorised. */
gboolean pin_permit_grant(StoreTx *tx, const Op *op, const Card *card, const Application *row,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What authorises a reset of @card now; ERROR_RULE says what is missing: none, used, ended. */
PinReset *pin_permit_find(StoreTx *tx, const Op *op, const Card *card,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The permit of @card is used up. */
gboolean pin_permit_use(StoreTx *tx, const Op *op, const Card *card,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An urgent reset of @card was just done for the reason @note: waits for a system-admin. */
gboolean pin_permit_ask(StoreTx *tx, const Op *op, const Card *card, const char *note,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The urgent reset that @row was opened for is approved, or is not: then a case is opened, and the
 * reset stays done (N81). */
gboolean pin_permit_agree(StoreTx *tx, const Op *op, const Application *row,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean pin_permit_reject(StoreTx *tx, const Op *op, const Application *row, const char *note,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A system-admin approves the urgent reset of @card, not the holder; that it is not who did it
 * either is for the caller to see (N05). */
gboolean pin_permit_approve(Op *op, const char *confirmation, const char *card,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
