/* SPDX-License-Identifier: Apache-2.0
 * Rounds of card checks (カードチェックの点検期間): opened for a section with a last day, the cards
 * it has in use are expected, and what was not shown by then is a list for a person to put on hold.
 * A round never revokes: a hold of its reason (UNCHECKED) does not become a loss by itself. */
#pragma once

#include "daemon/op/record.h"
#include "daemon/store/store_round.h"

typedef struct CheckRoundRequest {
	const char *section;
	const char *due; /* ISO date */
} CheckRoundRequest;

/* *ret_id (g_free) is "R-2026-0001", NULL on a dry run. */
gboolean check_round_open(Op *op, const CheckRoundRequest *request, char **ret_id,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When every card was shown or the last day is over. */
gboolean check_round_close(Op *op, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts every card on hold that is in use, was not shown, and is not refused already. @expected is
 * the number of them the person was shown; ERROR_STATE when it is another by now. Resumable: what
 * was held stays so. *ret_held tells how many were. */
gboolean check_round_hold(Op *op, const char *id, gint64 expected, gint64 *ret_held,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the actor may see to rounds of that section. */
gboolean check_round_allow(const Op *op, const char *section,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Numbers of the cards check_round_hold() would hold. Array of char *. */
GPtrArray *check_round_missing(StoreTx *tx, const char *id,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"items":[…],"next"}, newest first; @section NULL = all. */
json_t *check_round_list(StoreTx *tx, const char *section, const char *before, int limit,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One with its cards. */
json_t *check_round_view(StoreTx *tx, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
