/* SPDX-License-Identifier: Apache-2.0
 * One reminder to several receivers, once. */
#pragma once

#include "daemon/op/notice.h"

/* Gives @notice, whose receiver is not read, to each of @to (NULL-terminated) in one transaction,
 * unless @stage of its subject was given before. Adds 1 to *count when it was new. Takes
 * @notice->values over. */
gboolean reminder_give(const Op *op, const Notice *notice, const char *const *to, const char *stage,
		       guint *count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
