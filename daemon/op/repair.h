/* SPDX-License-Identifier: Apache-2.0
 * What a crash left behind: the store's half of every open intent is closed before the API opens,
 * its card's half at the card's next sight. Doing it twice changes nothing. */
#pragma once

#include "daemon/op/op.h"

typedef struct RepairCounts {
	guint closed;  /* finished or undone in the store */
	guint waiting; /* for their card */
} RepairCounts;

gboolean repair_start(House *house, gint64 now, RepairCounts *ret_counts,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Another event decides about @card: an operation that is open on it gets no further, and what it
 * recorded is revoked. Part of the event's transaction. */
gboolean repair_overtake(StoreTx *tx, Op *op, const char *card,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A card of the register was seen in @reader: erases it when an intent waits for that.
 * *ret_is_done tells whether there was something to do. */
gboolean repair_seen(House *house, const char *card, const char *reader, gint64 now,
		     gboolean *ret_is_done, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every minute: the same as at the start for intents that nobody works on any more, because their
 * last commit failed; those that wait for their card's next sight go on waiting. */
gboolean repair_unfinished(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Finishes what an operation on @card left open that ended without closing it (its last commit
 * failed), now that somebody wants to work on it. @reader NULL = wherever it lies. */
gboolean repair_left(House *house, const char *card, const char *reader, gint64 now,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
