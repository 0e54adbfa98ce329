/* SPDX-License-Identifier: Apache-2.0
 * The seconds from a notice to the effective refusal, measured for every report of a loss and every
 * emergency stop (T24, N30, K10): a row in the change's own transaction, its times once the card is
 * refused everywhere. */
#pragma once

#include <jansson.h>

#include "daemon/core/card.h"
#include "daemon/op/op.h"
#include "daemon/store/store_refusal.h"

typedef struct RefusalFacts {
	const char *event;
	const char *card;  /* or NULL */
	const char *scope; /* or NULL */
	gint64 noticed_at; /* 0 = now */
	gint64 held_since; /* refused for another reason since then, or 0 */
	gint64 cards;
} RefusalFacts;

/* Since when the card's certificate is refused already, for whatever reason; 0 = it is not. */
gboolean refusal_held_since(StoreTx *tx, const Card *card, gint64 *ret_since,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Begins to measure; the times follow with refusal_finish(). */
gboolean refusal_open(StoreTx *tx, Op *op, const RefusalFacts *facts,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After the commit: publishes the list if it is due, and writes down how long it took. Fails as
 * publish_now() does. */
gboolean refusal_finish(Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At the start: what a crash cut off is refused now, because the index is loaded anew. A full disk
 * leaves it for the next start. */
void refusal_repair(House *house, gint64 now);

/* Whole seconds from the notice to the refusal; -1 while not known. */
gint64 refusal_seconds(const Refusal *refusal);
/* {"items":[…],"next"}, newest first. */
json_t *refusal_view(StoreTx *tx, const char *before, int limit,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
