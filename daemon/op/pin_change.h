/* SPDX-License-Identifier: Apache-2.0
 * The holder's own change of the PIN (T27): the half-yearly clock starts again, and holds that
 * waited for it end. */
#pragma once

#include "daemon/op/work.h"

typedef struct PinChangeRequest {
	const char *card;
	const char *reader;
	const Secret *old_pin;
	const Secret *new_pin;
} PinChangeRequest;

/* *ret_tries_left is what the card says after a wrong PIN, -1 when it does not tell. */
gboolean pin_change(Op *op, const PinChangeRequest *request, int *ret_tries_left,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
