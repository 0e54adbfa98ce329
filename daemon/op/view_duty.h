/* SPDX-License-Identifier: Apache-2.0
 * What is still to be done as JSON: duties, and changes that wait for a second person. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/op/view.h"
#include "daemon/store/store_duty.h"

/* @wanted->after is "next" of the page before. */
json_t *view_duty_list(StoreTx *tx, const Op *op, const StoreDutyFilter *wanted,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One of them. */
json_t *view_duty_one(StoreTx *tx, const Op *op, const Duty *duty,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_duty_confirmations(StoreTx *tx, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
