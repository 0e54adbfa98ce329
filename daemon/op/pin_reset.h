/* SPDX-License-Identifier: Apache-2.0
 * 再設定: a new PIN through the SO PIN, at the custodian's desk (T28). It does not count as the
 * half-yearly change; only the holder's own change does. */
#pragma once

#include "daemon/op/work.h"

typedef struct PinResetRequest {
	const char *card;
	const char *reader;
	const Secret *pin;
	const char *note;   /* urgent: why it cannot wait for form 6 */
	gboolean is_absent; /* the holder is not there: an initial PIN, and the card stays on hold
			       until the holder's own change (N35) */
	gboolean is_urgent; /* approved afterwards */
} PinResetRequest;

/* One reset, which uses up the card's authorisation. Cut off after the card was touched: the PIN is
 * UNKNOWN, and the same authorisation is good for doing it again. */
gboolean pin_reset_card(Op *op, const PinResetRequest *request,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
