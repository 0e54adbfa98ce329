/* SPDX-License-Identifier: Apache-2.0
 * The highest time that was ever believed, and since when it is not believed (N77). */
#pragma once

#include "daemon/store/store.h"

typedef struct ClockMark {
	gint64 high;
	gint64 alarm_at; /* what the clock said when the alarm began, 0 = no alarm */
} ClockMark;

/* *ret_is_known FALSE before the first mark. */
gboolean store_clock_get(StoreTx *tx, ClockMark *ret_mark, gboolean *ret_is_known,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_clock_put(StoreTx *tx, const ClockMark *mark,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
