/* SPDX-License-Identifier: Apache-2.0
 * Cards on their way between offices (N87, I11), and where cards are kept (T16). */
#pragma once

#include "daemon/store/store.h"

#define STORE_TRANSIT_OUT  "out"  /* to the section that hands it over */
#define STORE_TRANSIT_BACK "back" /* to the custodian */

typedef struct Transit {
	gint64 id;
	char *card;
	char *leg;  /* STORE_TRANSIT_… */
	char *goal; /* where to */
	char *seal; /* number of the seal */
	char *due;  /* ISO date by which it should have arrived */
	gint64 sent_at;
	char *sent_by;
	gint64 ended_at; /* 0 while on its way */
	char *ended_by;
	char *outcome; /* "arrived", "seal-broken", "lost", …; NULL while on its way */
} Transit;

void store_transit_free(Transit *transit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transit, store_transit_free)

/* ERROR_EXISTS while the card is on its way. */
gboolean store_transit_send(StoreTx *tx, const Transit *transit,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Outcome, time and person of @transit, by its id. */
gboolean store_transit_end(StoreTx *tx, const Transit *transit,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *ret_transit is NULL when the card is not on its way. */
gboolean store_transit_of_card(StoreTx *tx, const char *card, Transit **ret_transit,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest journey of @card, over or not; *ret_transit NULL without any. */
gboolean store_transit_last(StoreTx *tx, const char *card, Transit **ret_transit,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* On their way, by due date; with @before only those due before that day. Array of Transit. */
GPtrArray *store_transit_list(StoreTx *tx, const char *before, int limit,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct PlaceCount {
	char *place;
	char *state; /* stored name */
	gint64 cards;
} PlaceCount;

/* Every place that has a card, those disposed of left out. Array of PlaceCount. */
GPtrArray *store_transit_places(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
