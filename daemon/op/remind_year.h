/* SPDX-License-Identifier: Apache-2.0
 * Reminders of what must be done before the fiscal year has ended (T33, T43, K02). */
#pragma once

#include "daemon/op/op.h"

/* One to system-admin and chief when a task of this fiscal year or the last is due soon, and one
 * when it is overdue. Adds the reminders given to *ret_count. */
gboolean remind_year_task(House *house, gint64 now, guint *ret_count,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
