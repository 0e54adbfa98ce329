/* SPDX-License-Identifier: Apache-2.0
 * How long records of the ledger are kept: legal holds and disposals. */
#pragma once

#include "daemon/store/store.h"

typedef struct TrailHold {
	char *id;    /* K-0001 */
	char *staff; /* one of the two */
	char *card;
	char *reason;
	gint64 since;
	char *by;
	gint64 ended_at; /* 0 while in force */
	char *ended_by;
} TrailHold;

void store_trail_hold_free(TrailHold *hold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TrailHold, store_trail_hold_free)

gboolean store_trail_add_hold(StoreTx *tx, const TrailHold *hold,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND unless it is in force. */
gboolean store_trail_end_hold(StoreTx *tx, const char *id, const char *by, gint64 now,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND. */
TrailHold *store_trail_hold(StoreTx *tx, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All, in order of their numbers. Array of TrailHold. */
GPtrArray *store_trail_holds(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A disposal of records up to @last that is to be worked off, from the first record on. */
gboolean store_trail_dispose(StoreTx *tx, gint64 until, gint64 last,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the personal parts of the next @count records: not those under a hold, not those that tell
 * of a card's present state, not the trail's own. *ret_is_over: nothing is left to do. */
gboolean store_trail_work(StoreTx *tx, gint64 count, gint64 now, gboolean *ret_is_over,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Records from @first to @last whose personal part is there and would go, and those that stay
 * because of a hold. */
gboolean store_trail_count(StoreTx *tx, gint64 first, gint64 last, gint64 *ret_going,
			   gint64 *ret_held, GError **error) G_GNUC_WARN_UNUSED_RESULT;
