/* SPDX-License-Identifier: Apache-2.0
 * Everything that somebody must be reminded of, as a table (T13, T24, T27, N03). Each reminder is
 * given once, whatever happens between two runs. */
#pragma once

#include "daemon/op/op.h"

/* Gives what is due on the day of @now. One kind that fails keeps no other from it; the first error
 * is told. */
gboolean remind_due(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
