/* SPDX-License-Identifier: Apache-2.0
 * Reminders of what somebody left open: questions to a second person, and cases (T24). */
#pragma once

#include "daemon/op/op.h"

/* To whoever asked and the system-admin, when a third of the time is left. */
gboolean remind_open_confirmation(House *house, gint64 now, guint *ret_count,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* To the section and the system-admin, every so many days (policy case-remind). */
gboolean remind_open_case(House *house, gint64 now, guint *ret_count,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
