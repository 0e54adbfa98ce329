/* SPDX-License-Identifier: Apache-2.0
 * The CAs as JSON. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/op/view.h"

/* What GET /ca answers: the issuing CA, and all of them in "issuers". ERROR_CA before `ca init`. */
json_t *view_authority(StoreTx *tx, const Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
