/* SPDX-License-Identifier: Apache-2.0
 * 職権停止 (N82, N44): the order that was not obeyed, the criterion, and who decided, behind a hold
 * with the reason ORDER. */
#pragma once

#include "daemon/op/op.h"

typedef struct StopOrderFacts {
	const char *number; /* of the order to stop */
	const char *ordered_on;
	const char *refused_on;
	const char *criterion;  /* core/stop_criterion.h */
	const char *decided_by; /* staff number of the 情報セキュリティ責任者 */
} StopOrderFacts;

/* ERROR_INPUT for what is missing, ERROR_RULE for what cannot be: days in the future or in the
 * wrong order, the holder as the one who decided. */
gboolean stop_order_check(StoreTx *tx, const Op *op, const Card *card, const StopOrderFacts *facts,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes the row and the two notices (to the chief and to the section's head). *ret_extra is for
 * the ledger record of the suspension. */
gboolean stop_order_open(StoreTx *tx, const Op *op, const Card *card, const StopOrderFacts *facts,
			 json_t **ret_extra, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean stop_order_lift(StoreTx *tx, const Op *op, const Card *card,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
