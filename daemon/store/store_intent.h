/* SPDX-License-Identifier: Apache-2.0
 * Intents: what was begun with a card, recorded before the card is touched. At most one is open
 * per card. */
#pragma once

#include "daemon/store/store.h"

typedef struct Intent {
	char *id;   /* I-2026-000001 */
	char *kind; /* "issue", "hand-over", "wipe", … */
	char *card;
	char *step; /* the last durable step */
	char *body; /* JSON object: what repair needs; never a secret */
	gint64 opened_at;
	gint64 closed_at; /* 0 while open */
	char *outcome;    /* "done", "failed", "undone" */
} Intent;

void store_intent_free(Intent *intent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Intent, store_intent_free)

/* ERROR_BUSY when another operation on the card is open. */
gboolean store_intent_open(StoreTx *tx, const Intent *intent,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_intent_step(StoreTx *tx, const char *id, const char *step, const char *body,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_intent_close(StoreTx *tx, const char *id, const char *outcome, gint64 now,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL with ERROR_NOT_FOUND. */
Intent *store_intent_get(StoreTx *tx, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The card's open intent; *ret_intent NULL when there is none. */
gboolean store_intent_of_card(StoreTx *tx, const char *card, Intent **ret_intent,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All open ones, oldest first. Array of Intent. */
GPtrArray *store_intent_list_open(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
