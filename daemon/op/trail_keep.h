/* SPDX-License-Identifier: Apache-2.0
 * How long the trail is kept (T33, N18, K14): seven years from the end of the fiscal year, longer
 * under a legal hold; then two persons decide that the personal parts go. Hashes, chain and tree
 * stay, so that what is left can still be verified. */
#pragma once

#include <jansson.h>

#include "daemon/op/move.h"

#define TRAIL_KEEP_EVENT "audit-dispose"

/* Opens a hold over what tells of @staff or of @card (one of the two). *ret_id: "K-0001". */
gboolean trail_keep_hold(Op *op, const char *staff, const char *card, const char *reason,
			 char **ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean trail_keep_end(Op *op, const char *id, const char *note,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"items":[{"id","staff","card","reason","since","by","endedAt","endedBy"}],"next":null}. */
json_t *trail_keep_list(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Disposal of everything entered up to the end of @fiscal_year. Asked by one person, confirmed by
 * another; then worked off in small steps by trail_keep_work(). ERROR_RULE before its time. */
gboolean trail_keep_dispose(Op *op, const char *fiscal_year, MoveOutcome *ret_outcome,
			    char **ret_confirmation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A step of what is still to be deleted. */
gboolean trail_keep_work(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
