/* SPDX-License-Identifier: Apache-2.0
 * 受信箱: what waits for the caller, by role, own section and own person. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

/* {"items":[{"kind","id","en","ja","command","section","card","since"}],"next":null}, at most a few
 * hundred; what table E would refuse the caller is not in it. */
json_t *inbox_list(StoreTx *tx, const Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
