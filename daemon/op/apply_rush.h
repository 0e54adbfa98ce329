/* SPDX-License-Identifier: Apache-2.0
 * Done first, approved afterwards (N81): the exception under which an urgent application runs. */
#pragma once

#include "daemon/op/apply.h"

/* Opens the exception of @row, which ends with the policy `urgent-approval`. */
gboolean apply_rush_open(StoreTx *tx, const Op *op, Application *row, const char *reason,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* It was decided: the exception is over, approved or not. */
gboolean apply_rush_end(StoreTx *tx, const Op *op, const Application *row, gboolean is_approved,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
