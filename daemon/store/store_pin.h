/* SPDX-License-Identifier: Apache-2.0
 * What is known of a card's PIN; never the PIN itself. */
#pragma once

#include "daemon/core/pin.h"
#include "daemon/store/store.h"

/* BLOCKED for a card without a row. */
gboolean store_pin_get(StoreTx *tx, const char *card, Pin *ret_pin,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_pin_put(StoreTx *tx, const char *card, const Pin *pin,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Holders' PINs changed at or before @until, counted up to @limit. */
gboolean store_pin_count_changed(StoreTx *tx, gint64 until, int limit, gint64 *ret_count,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
