/* SPDX-License-Identifier: Apache-2.0
 * Holds in the store. */
#pragma once

#include "daemon/core/hold.h"
#include "daemon/store/store.h"

/* ERROR_EXISTS when the card has that hold open already. */
gboolean store_hold_open(StoreTx *tx, const Hold *hold, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The card's own open holds and the open scopes that cover it, oldest first. Array of Hold. */
GPtrArray *store_hold_of_card(StoreTx *tx, const char *card,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND when there is no such open hold. */
gboolean store_hold_lift(StoreTx *tx, const char *card, HoldReason reason, gint64 now,
			 const char *by, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_hold_lift_all(StoreTx *tx, const char *card, gint64 now, const char *by,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_hold_lift_scope(StoreTx *tx, const char *scope, gint64 now, const char *by,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Cards not in our hands whose hold @reason began at or before @until, at most @limit. Array of
 * char *. */
GPtrArray *store_hold_since(StoreTx *tx, HoldReason reason, gint64 until, int limit,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Open emergency stops by scope, oldest first. Array of Hold. */
GPtrArray *store_hold_scopes(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
