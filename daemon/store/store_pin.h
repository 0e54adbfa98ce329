/* SPDX-License-Identifier: Apache-2.0
 * What is known of a card's PIN; never the PIN itself. */
#pragma once

#include "daemon/core/pin.h"
#include "daemon/store/store.h"

/* BLOCKED for a card without a row. */
gboolean store_pin_get(StoreTx *tx, const char *card, Pin *ret_pin,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* State and day of the change; authorisations are in store_pin_reset.h. */
gboolean store_pin_put(StoreTx *tx, const char *card, const Pin *pin,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Changes on one day, of cards in use. */
typedef struct StorePinDay {
	gint64 at; /* 00:00:00 of the day in Japan */
	gint64 count;
} StorePinDay;
/* Days of changes after @since up to @until, oldest first. Array of StorePinDay. */
GArray *store_pin_days(StoreTx *tx, gint64 since, gint64 until,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A card in use and its holder, for lists by deadline. */
typedef struct StorePinRow {
	char *card;
	char *staff;
	char *name;
	char *section; /* code of the designation's section */
	char *section_name;
	gint64 changed_at;
	PinState state;
	gboolean is_held; /* for PIN_OVERDUE */
} StorePinRow;
void store_pin_row_free(StorePinRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePinRow, store_pin_row_free)

typedef struct StorePinFilter {
	gint64 after_at;        /* changes after this moment, */
	const char *after_card; /* or at it on a card behind this one; NULL = on none */
	gint64 until;           /* up to this one */
	const char *section;    /* code, or NULL */
	int limit;
} StorePinFilter;
/* By the moment of the change, then by card. Array of StorePinRow. */
GPtrArray *store_pin_list(StoreTx *tx, const StorePinFilter *filter,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
