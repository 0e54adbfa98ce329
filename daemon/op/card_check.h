/* SPDX-License-Identifier: Apache-2.0
 * カードチェック: a card in a reader proves that it is there, by its serial and its certificate,
 * which need no PIN, or by a signed nonce when the holder is there and enters the PIN. Sets
 * ｶｰﾄﾞﾁｪｯｸ日 of the card register (T48), counts in the section's round, and ends a hold that a
 * missed round put. */
#pragma once

#include "daemon/op/op.h"

typedef struct CardCheckRequest {
	const char *card;
	const char *reader;
	const Secret *pin; /* the holder's, or NULL */
} CardCheckRequest;

/* *ret_tries_left is set when the PIN was refused. */
gboolean card_check(Op *op, const CardCheckRequest *request, int *ret_tries_left,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
