/* SPDX-License-Identifier: Apache-2.0
 * Cards in the store. */
#pragma once

#include "daemon/core/card.h"
#include "daemon/store/store.h"

/* What a list is narrowed to; NULL and FALSE narrow nothing. Pages are in order of the number. */
typedef struct StoreCardFilter {
	const char *state;   /* stored name, or "SUSPENDED" */
	const char *section; /* code of the designation's section */
	gint64 holder;       /* person id, 0 = any */
	const char *part;    /* part of the holder's name or kana, or the number's beginning */
	const char *after;   /* number of the last card of the page before */
	int limit;
} StoreCardFilter;

/* ERROR_NOT_FOUND names the number. */
Card *store_card_get(StoreTx *tx, const char *number, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *ret_card is NULL when no card has that chip. */
gboolean store_card_find_chip(StoreTx *tx, const char *serial, Card **ret_card,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_EXISTS when number or chip serial is known. */
gboolean store_card_insert(StoreTx *tx, const Card *card, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes @card and raises its version; fails with ERROR_BUSY if another change came between. */
gboolean store_card_put(StoreTx *tx, Card *card, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All cards ever held by @person that are not DISPOSED, RETURNED, ERASED. Array of Card. */
GPtrArray *store_card_of_holder(StoreTx *tx, gint64 person,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_card_list(StoreTx *tx, const StoreCardFilter *filter,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Numbers of ACTIVE cards whose holder's term ended before @date, at most @limit. Array of
 * char *. */
GPtrArray *store_card_of_ended_terms(StoreTx *tx, const char *date, int limit,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Numbers of temporary cards in use that were lent before @date, at most @limit. Array of char *.
 */
GPtrArray *store_card_overdue_temporary(StoreTx *tx, const char *date, int limit,
					GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Counts by shown state. */
gboolean store_card_count(StoreTx *tx, gint64 ret_counts[_CARD_STATE_MAX],
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
