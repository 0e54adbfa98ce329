/* SPDX-License-Identifier: Apache-2.0
 * 回収義務 from its opening to its end: told to the owner, reminded of, escalated (T13, N03), each
 * step once and in one transaction with its audit record. Days are counted from the recall, for a
 * later due date from so long before it, and moved to the next working day. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/store/store_duty.h"

/* The duty was opened: its owner is told. */
gboolean duty_remind_opened(StoreTx *tx, const Op *op, const Card *card, const Duty *duty,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives every step that is due on the day of @now; *ret_count of duties that had one. */
gboolean duty_remind_due(House *house, gint64 now, guint *ret_count,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether nothing is left to try for the card (table A row 20); else *ret_missing (g_free) names
 * the step that is not given yet. */
gboolean duty_remind_exhausted(StoreTx *tx, const Op *op, const char *card, char **ret_missing,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The card was written off: the chief is told. */
gboolean duty_remind_written_off(StoreTx *tx, const Op *op, const Card *card, const char *note,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
