/* SPDX-License-Identifier: Apache-2.0
 * Days on which the office is closed besides Saturdays and Sundays (閉庁日). */
#pragma once

#include "daemon/store/store.h"

/* *ret_name (g_free) is NULL for an ordinary day. */
gboolean store_holiday_find(StoreTx *tx, const char *day, char **ret_name,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @name NULL: an ordinary day from now on. */
gboolean store_holiday_put(StoreTx *tx, const char *day, const char *name,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ISO dates from @from to @until. A set of char *. */
GHashTable *store_holiday_set(StoreTx *tx, const char *from, const char *until,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
