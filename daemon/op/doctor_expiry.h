/* SPDX-License-Identifier: Apache-2.0
 * doctor: what ends and must be renewed. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"
#include "daemon/store/store_issuer.h"

/* Appends findings about cards, and about @row (the newest CA, or NULL) with its responder. */
gboolean doctor_expiry_examine(StoreTx *tx, const Op *op, const IssuerRow *row, json_t *findings,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
