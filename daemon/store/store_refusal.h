/* SPDX-License-Identifier: Apache-2.0
 * How long it took from a notice until the cards were refused (T24, N30, K10). */
#pragma once

#include "daemon/store/store.h"

typedef struct Refusal {
	gint64 id;
	char *event;       /* "report-lost", "suspend", "emergency-stop", … */
	char *card;        /* NULL for a stop */
	char *scope;       /* NULL for a card */
	gint64 noticed_at; /* by whoever reports it */
	gint64 asked_at;   /* when the request came in */
	gint64 refused_at; /* 0 while not known */
	gint64 refused_ms; /* from the request to the refusal by OCSP; -1 while not known */
	gint64 listed_ms;  /* to the synced revocation list; -1 when it was not written then */
	gint64 cards;      /* how many were covered */
} Refusal;

void store_refusal_free(Refusal *refusal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Refusal, store_refusal_free)

gboolean store_refusal_open(StoreTx *tx, const Refusal *refusal, gint64 *ret_id,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Times of @refusal, by its id. */
gboolean store_refusal_close(StoreTx *tx, const Refusal *refusal,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those a crash left open: refused since @now at the latest. */
gboolean store_refusal_close_left(StoreTx *tx, gint64 now,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest one of @card that was asked for at @asked_at or before; *ret_refusal NULL without. */
gboolean store_refusal_of_card(StoreTx *tx, const char *card, gint64 asked_at,
			       Refusal **ret_refusal, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Newest first, below the id @before (0 = from the newest), at most @limit. Array of Refusal. */
GPtrArray *store_refusal_list(StoreTx *tx, gint64 before, int limit,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
