/* SPDX-License-Identifier: Apache-2.0
 * Orders behind 職権停止 (N82). */
#pragma once

#include "daemon/store/store.h"

typedef struct StopOrder {
	char *id; /* O-2026-0001 */
	char *card;
	char *number;     /* of the order to stop */
	char *ordered_on; /* ISO date */
	char *refused_on; /* day on which it was known not to be obeyed */
	char *criterion;  /* row of core/stop_criterion.c */
	char *decided_by; /* staff number */
	char *note;
	gint64 opened_at;
	char *opened_by;
	gint64 lifted_at; /* 0 while in force */
	char *lifted_by;
	char *lifted_second;
} StopOrder;

void store_order_free(StopOrder *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StopOrder, store_order_free)

gboolean store_order_insert(StoreTx *tx, const StopOrder *row,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Lifts the card's order; none is fine. */
gboolean store_order_lift(StoreTx *tx, const StopOrder *row,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By number after @after (NULL = the first). */
GPtrArray *store_order_list(StoreTx *tx, const char *after, int limit,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
