/* SPDX-License-Identifier: Apache-2.0
 * Digests of the PINs a card had, newest last, where the policy keeps any. */
#pragma once

#include "daemon/store/store.h"

typedef struct StorePinHistory {
	GBytes *salt;       /* NULL when there is nothing */
	GPtrArray *digests; /* GBytes, newest first */
} StorePinHistory;

void store_pin_history_clear(StorePinHistory *history);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StorePinHistory, store_pin_history_clear)

gboolean store_pin_history_get(StoreTx *tx, const char *card, StorePinHistory *ret_history,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One more, the newest. */
gboolean store_pin_history_add(StoreTx *tx, const char *card, GBytes *salt, GBytes *digest,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All but the newest @keep are forgotten. */
gboolean store_pin_history_forget(StoreTx *tx, const char *card, gint64 keep,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
