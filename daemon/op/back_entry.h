/* SPDX-License-Identifier: Apache-2.0
 * Entered afterwards (事後入力, K04): what was done by hand while the daemon stood still gets the
 * time at which it was done, and the mark that it was entered later. */
#pragma once

#include "daemon/op/op.h"

#define BACK_ENTRY_MARK "事後入力"

/* @happened_at 0 passes. ERROR_USAGE when it lies in the future, or before the last event of @card:
 * the order of a card's events is never changed. */
gboolean back_entry_check(StoreTx *tx, const Op *op, const Card *card, gint64 happened_at,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The mark into 備考 of the card register; nothing for 0. */
void back_entry_mark(Card *card, CardEvent event, gint64 happened_at);
