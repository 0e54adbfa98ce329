/* SPDX-License-Identifier: Apache-2.0
 * Whether the clock can be trusted (N77). While it lies far behind or ahead of the highest time
 * that was ever believed, nothing is granted and no job acts; restrictions still work. It is over
 * when the clock is right again, or when two persons accept its time. The route table and the job
 * runner ask, nobody else needs to. */
#pragma once

#include "daemon/core/clock_trust.h"
#include "daemon/op/move.h"

/* Reads the mark of the run before; the first time ever is believed. */
gboolean clock_guard_open(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void clock_guard_close(House *house);
/* Judges @now; a good one is the new highest. Takes no file and no transaction. */
ClockTrust clock_guard_ask(House *house, gint64 now);
/* ERROR_CLOCK with what is wrong and the way out, when @now is not to be trusted. */
gboolean clock_guard_check(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What stands in `status`, doctor and errors, in both languages; NULL while the clock is trusted.
 */
GError *clock_guard_trouble(House *house, gint64 now) G_GNUC_WARN_UNUSED_RESULT;
/* Every minute: makes the mark durable; records where an alarm begins and ends. */
gboolean clock_guard_keep(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Before a change is worked on: the ledger tells where an alarm begins and ends before it tells of
 * anything done meanwhile, so that `audit verify` knows why the time steps back there. What cannot
 * be written is left to clock_guard_keep(): a restriction does not wait for it. */
void clock_guard_settle(House *house, gint64 now);

#define CLOCK_GUARD_EVENT "clock-accept"

/* Believes the time of @op from now on; the first call asks for a second person. ERROR_STATE while
 * the clock is trusted anyway. */
gboolean clock_guard_accept(Op *op, const char *note, MoveOutcome *ret_outcome,
			    char **ret_confirmation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
