/* SPDX-License-Identifier: Apache-2.0
 * How far back an event of a card can lie that is entered afterwards. */
#pragma once

#include "daemon/store/store.h"

/* When the last event of @card happened; 0 before its first. */
gboolean store_back_entry_last(StoreTx *tx, const char *card, gint64 *ret_at,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
