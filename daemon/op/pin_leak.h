/* SPDX-License-Identifier: Apache-2.0
 * 漏えい: whoever suspects that a PIN is known to others reports it, without form 6; the card is
 * refused at once until the holder's own change (N40, N52). */
#pragma once

#include "daemon/op/op.h"

typedef struct PinLeakRequest {
	const char *card;
	const char *note; /* or NULL */
} PinLeakRequest;

/* Hold, case file and record in one transaction. ERROR_EXISTS when it is reported already. */
gboolean pin_leak_report(Op *op, const PinLeakRequest *request,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
