/* SPDX-License-Identifier: Apache-2.0
 * What ends and must be renewed: cards, the CA and its OCSP responder, warned of at 90, 60 and 30
 * days. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"
#include "daemon/store/store_expiry.h"

#define EXPIRY_DAY 86400

typedef enum ExpiryStep {
	EXPIRY_ENDED,
	EXPIRY_30,
	EXPIRY_60,
	EXPIRY_90,
	_EXPIRY_STEP_MAX,
} ExpiryStep;

/* How many days ahead the step looks; 0 for ENDED. */
int expiry_days(ExpiryStep step);
/* The narrowest step @end falls into, _EXPIRY_STEP_MAX while it is further away. */
ExpiryStep expiry_step(gint64 end, gint64 now);

typedef struct ExpiryCounts {
	guint cards[_EXPIRY_STEP_MAX]; /* those that end within the step, narrower ones included */
	gboolean is_more;              /* only so many were counted: there are more */
	gint64 next;                   /* the first end that is still to come, 0 when none */
} ExpiryCounts;

/* Counts no more than 10,000 cards, so that `status` stays quick beside a great wave. */
gboolean expiry_count(StoreTx *tx, const Op *op, ExpiryCounts *ret_counts,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"ended","within30","within60","within90"} */
json_t *expiry_view(const ExpiryCounts *counts);
/* The responder should have renewed itself by now and has not. */
gboolean expiry_responder_is_late(House *house, gint64 now);

/* A page of "card show" objects, first the one that ends first. @after is the "next" of the page
 * before, or NULL. ERROR_USAGE when it is none. */
json_t *expiry_list(StoreTx *tx, const Op *op, StoreExpiryFilter *filter, const char *after,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
