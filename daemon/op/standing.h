/* SPDX-License-Identifier: Apache-2.0
 * 臨時カード: the standing approval a section lends them on, and what becomes of one that is not
 * back at midnight (row 25). */
#pragma once

#include "daemon/op/record.h"
#include "daemon/store/store_standing.h"

typedef struct StandingRequest {
	const char *section;
	const char *until; /* ISO date, at most a year ahead */
	const char *paper; /* number of the document */
} StandingRequest;

/* By a system-admin who does not manage that section. *ret_id (g_free) is NULL on a dry run. */
gboolean standing_add(Op *op, const StandingRequest *request, char **ret_id,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean standing_end(Op *op, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Fails unless the section of @designation may lend temporary cards today; *ret_id (g_free) is the
 * approval it stands on. */
gboolean standing_check(StoreTx *tx, const Op *op, const char *designation, char **ret_id,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *standing_view(StoreTx *tx, const char *before, int limit,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At midnight: every temporary card lent on an earlier day is recalled, its duty due at once. The
 * holder's own card stays stopped until the temporary one is back. */
gboolean standing_recall_due(House *house, gint64 now, guint *ret_recalled,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
