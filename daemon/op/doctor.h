/* SPDX-License-Identifier: Apache-2.0
 * `doctor`: looks at everything that must agree, and names the next step where it does not. Reads
 * the whole store and ledger; changes nothing. */
#pragma once

#include "daemon/op/op.h"

/* {"findings":[{"level":"ok|warn|error","en","ja","nextEn","nextJa"}]}. */
json_t *doctor_examine(StoreTx *tx, const Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
