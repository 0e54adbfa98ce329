/* SPDX-License-Identifier: Apache-2.0
 * The ledger's rows. The chain over them is made in audit/. */
#pragma once

#include "daemon/store/store.h"

typedef struct LedgerRow {
	gint64 seq;
	gint64 at;         /* when it happened */
	gint64 entered_at; /* when it was entered */
	char *kind;
	char *article;
	char *actor;  /* staff number, "root" or "opcardd" */
	char *second; /* witness or second person, or NULL */
	char *card;   /* or NULL */
	char *staff;  /* person concerned, or NULL */
	char *body;   /* JSON object */
	GBytes *prev; /* 32 octets */
	GBytes *hash;
} LedgerRow;

void store_ledger_row_free(LedgerRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerRow, store_ledger_row_free)

/* The last row; *ret_row NULL while the ledger is empty. */
gboolean store_ledger_last(StoreTx *tx, LedgerRow **ret_row,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_ledger_append(StoreTx *tx, const LedgerRow *row,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* NULL and 0 narrow nothing. Ascending by seq. */
typedef struct LedgerFilter {
	gint64 after;
	const char *card;
	const char *staff;
	const char *kind;
	int limit;
} LedgerFilter;
GPtrArray *store_ledger_list(StoreTx *tx, const LedgerFilter *filter,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest row of each card not later than @until, cards in order. Array of LedgerRow. */
GPtrArray *store_ledger_cards_at(StoreTx *tx, gint64 until,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The number of the person's newest record of @kind not later than @until, 0 for none. */
gboolean store_ledger_newest(StoreTx *tx, const char *staff, const char *kind, gint64 until,
			     gint64 *ret_seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
