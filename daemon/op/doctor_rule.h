/* SPDX-License-Identifier: Apache-2.0
 * What doctor says about the clock and the rules' own records. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

gboolean doctor_rule_examine(StoreTx *tx, const Op *op, json_t *findings,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
