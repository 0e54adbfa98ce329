/* SPDX-License-Identifier: Apache-2.0
 * Rounds of card checks in the store: which cards a section is expected to show, and which it did.
 */
#pragma once

#include "daemon/store/store.h"

typedef struct CheckRound {
	char *id; /* R-2026-0001 */
	char *section;
	char *section_name; /* as it was called then */
	char *due;          /* ISO date, the last day */
	gint64 opened_at;
	char *opened_by;
	gint64 closed_at; /* 0 while open */
	gint64 cards, seen, held;
} CheckRound;

typedef struct CheckRoundCard {
	char *card;
	gint64 seen_at; /* 0 = not seen */
	char *seen_by;
	char *proof; /* "read", or "signed" by the holder's PIN */
	gint64 held_at;
} CheckRoundCard;

void store_round_free(CheckRound *round);
void store_round_card_free(CheckRoundCard *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CheckRound, store_round_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CheckRoundCard, store_round_card_free)

/* With the cards the section has in use, and those that wait there to be handed over. ERROR_EXISTS
 * while the section has another round. */
gboolean store_round_open(StoreTx *tx, const CheckRound *round,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_round_close(StoreTx *tx, const char *id, gint64 now, const char *by,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND names the id. */
CheckRound *store_round_get(StoreTx *tx, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Newest first; @section NULL = all. @before is the last id of the page before. Array of
 * CheckRound. */
GPtrArray *store_round_list(StoreTx *tx, const char *section, const char *before, int limit,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Open ones whose last day was before @date and in which a card is neither seen nor held. */
GPtrArray *store_round_late(StoreTx *tx, const char *date,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Array of CheckRoundCard by number. */
GPtrArray *store_round_cards(StoreTx *tx, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Marks @card in the open round that expects it; *ret_round is its id (g_free), NULL when none
 * does. Seen once more it stays as it was, but for a better proof. */
gboolean store_round_seen(StoreTx *tx, const CheckRoundCard *seen, char **ret_round,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_round_held(StoreTx *tx, const char *id, const char *card, gint64 now,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
