/* SPDX-License-Identifier: Apache-2.0
 * What a PIN must be before a card is asked to take it: the regulation's length and characters,
 * what the card accepts, no regularity, nothing of the holder's own, nothing like the old one
 * (T26, N34, N37). */
#pragma once

#include "daemon/op/at_reader.h"
#include "daemon/op/pin_history.h"

typedef struct PinRuleRequest {
	const Card *card;
	gint64 holder;        /* whose own words it must not be; 0 = nobody's */
	const AtReader *desk; /* with the card, whose limits count; NULL = not in hand yet */
	const Secret *pin;
	const Secret *old; /* the PIN to be replaced where it is in hand, else NULL */
} PinRuleRequest;

/* ERROR_PIN names every broken rule, never the PIN. @ret_trace is for pin_history_keep(); NULL
 * where the PIN is not set yet. */
gboolean pin_rule_check(const Op *op, const PinRuleRequest *request, PinTrace *ret_trace,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
