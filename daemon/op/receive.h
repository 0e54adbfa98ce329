/* SPDX-License-Identifier: Apache-2.0
 * 受入: blank cards come into the card register by their face numbers (T22). */
#pragma once

#include "daemon/op/op.h"

typedef struct ReceiveRequest {
	char **cards; /* face numbers, as typed */
	const char *kind;
	const char *place;
	const char *chip_serial; /* only with one card, or NULL */
} ReceiveRequest;

/* All or none. */
gboolean receive_cards(Op *op, const ReceiveRequest *request,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
