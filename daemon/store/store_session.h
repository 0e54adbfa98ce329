/* SPDX-License-Identifier: Apache-2.0
 * Witnessed sessions in the store: one witness for the erasure and the destruction of many cards.
 */
#pragma once

#include "daemon/store/store.h"

typedef struct WitnessSession {
	char *id; /* W-2026-0001 */
	char *witness;
	gint64 opened_at;
	char *opened_by;
	gint64 closed_at; /* 0 while open */
	gint64 cards, erased, disposed;
} WitnessSession;

typedef struct WitnessCard {
	char *card;
	gint64 erased_at;
	gint64 disposed_at;
} WitnessCard;

void store_session_free(WitnessSession *session);
void store_session_card_free(WitnessCard *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WitnessSession, store_session_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WitnessCard, store_session_card_free)

gboolean store_session_open(StoreTx *tx, const WitnessSession *session,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_session_add(StoreTx *tx, const char *id, const char *card,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_session_close(StoreTx *tx, const char *id, gint64 now,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND names the id. */
WitnessSession *store_session_get(StoreTx *tx, const char *id,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Newest first below the id @before. Array of WitnessSession. */
GPtrArray *store_session_list(StoreTx *tx, const char *before, int limit,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Array of WitnessCard by number. */
GPtrArray *store_session_cards(StoreTx *tx, const char *id,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *ret_has whether @card belongs to it. */
gboolean store_session_has(StoreTx *tx, const char *id, const char *card, gboolean *ret_has,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Notes that @card was erased or destroyed; a time of 0 leaves it. */
gboolean store_session_done(StoreTx *tx, const char *id, const WitnessCard *card,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
