/* SPDX-License-Identifier: Apache-2.0
 * A loss takes effect even while the store cannot be written: in the OCSP index at once, in the
 * spool durably, and in the store as soon as it takes it again. */
#pragma once

#include "daemon/op/move.h"

/* move_card(), and the spool when the store refuses a report of loss or theft: MOVE_SPOOLED. If the
 * spool cannot be written either the card is refused all the same and the error says that it stands
 * nowhere. */
gboolean spool_report_move(Op *op, const MoveRequest *request, MoveOutcome *ret_outcome,
			   char **ret_confirmation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At start, before OCSP answers: what is in the spool is in force. */
gboolean spool_report_apply(House *house, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Brings the spool into the store; each report once, however often it is tried. FALSE while the
 * store does not take it. */
gboolean spool_report_replay(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
