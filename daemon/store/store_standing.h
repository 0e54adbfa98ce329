/* SPDX-License-Identifier: Apache-2.0
 * Standing approvals (包括承認): a section may lend temporary cards until a day, without asking
 * each time. */
#pragma once

#include "daemon/store/store.h"

typedef struct Standing {
	char *id; /* S-2026-0001 */
	char *section;
	char *until; /* ISO date, the last day */
	char *paper; /* number of the document */
	char *by;
	gint64 at;
	gint64 ended_at; /* taken back, 0 = not */
} Standing;

void store_standing_free(Standing *standing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Standing, store_standing_free)

gboolean store_standing_add(StoreTx *tx, const Standing *standing,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND when there is none such, or it has ended. */
gboolean store_standing_end(StoreTx *tx, const char *id, gint64 now, const char *by,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One of @section that is in force on @date; *ret_standing NULL without. */
gboolean store_standing_of(StoreTx *tx, const char *section, const char *date,
			   Standing **ret_standing, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Newest first below the id @before, NULL = from the newest; ended ones too. Array of Standing. */
GPtrArray *store_standing_list(StoreTx *tx, const char *before, int limit,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
