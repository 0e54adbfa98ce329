/* SPDX-License-Identifier: Apache-2.0
 * Warnings before the deadline of a PIN (T27), to the holder, on working days. */
#pragma once

#include "daemon/op/op.h"

gboolean remind_pin_due(House *house, gint64 now, guint *ret_count,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
