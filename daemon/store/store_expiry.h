/* SPDX-License-Identifier: Apache-2.0
 * Cards in use in the order in which their certificates end. */
#pragma once

#include "daemon/store/store.h"

typedef struct StoreExpiry {
	char *card;
	gint64 not_after;
} StoreExpiry;

/* NULL and 0 narrow nothing. */
typedef struct StoreExpiryFilter {
	gint64 until;           /* ends before that moment, also those that have ended already */
	const char *section;    /* code of the designation's section */
	gint64 holder;          /* person id */
	gint64 after_end;       /* the last row of the page before: its end … */
	const char *after_card; /* … and its card */
	int limit;
} StoreExpiryFilter;

void store_expiry_free(StoreExpiry *expiry);

/* Of cards that wait for their hand-over or are in use; temporary ones end every day and are left
 * out. Array of StoreExpiry. */
GPtrArray *store_expiry_list(StoreTx *tx, const StoreExpiryFilter *filter,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
