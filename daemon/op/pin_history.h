/* SPDX-License-Identifier: Apache-2.0
 * The PINs a card had before (N34): asked about as they are typed, known again only by digests, and
 * by none at all while the policy pin-history is 1. */
#pragma once

#include "daemon/ca/pin_digest.h"
#include "daemon/op/op.h"

/* What will be kept of the new PIN; nothing while @digest is NULL. */
typedef struct PinTrace {
	GBytes *salt;
	GBytes *digest;
} PinTrace;

void pin_history_clear_trace(PinTrace *trace);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PinTrace, pin_history_clear_trace)

/* Makes the trace of @pin, with no transaction open (0.1 s). ERROR_PIN when it is one of the last
 * pin-history PINs of this card and holder. */
gboolean pin_history_check(const Op *op, const Card *card, const Secret *pin, PinTrace *ret_trace,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In the transaction that notes the change; forgets what the policy does not keep. */
gboolean pin_history_keep(StoreTx *tx, const Op *op, const Card *card, const PinTrace *trace,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A new holder begins without a past. */
gboolean pin_history_forget(StoreTx *tx, const Card *card,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
