/* SPDX-License-Identifier: Apache-2.0
 * What is still to be done as JSON: duties, cases, and changes that wait for a second person. */
#pragma once

#include "daemon/op/view.h"

/* Open ones by due date, or all by number when @is_all. @after is "next" of the page before. */
json_t *view_duty_list(StoreTx *tx, gboolean is_all, const char *after, int limit,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_duty_cases(StoreTx *tx, const char *after, int limit,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_duty_confirmations(StoreTx *tx, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
