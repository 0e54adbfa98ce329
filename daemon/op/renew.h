/* SPDX-License-Identifier: Apache-2.0
 * 更新: a new key and certificate on the card in use, the old ones superseded in one transaction;
 * the PIN and its age stay untouched (row 24). */
#pragma once

#include "daemon/op/work.h"

typedef struct RenewRequest {
	const char *card;
	const char *reader;
	const Secret *pin; /* the holder's; asked for because only the holder may use the card */
} RenewRequest;

gboolean renew_card(Op *op, const RenewRequest *request, int *ret_tries_left,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
