/* SPDX-License-Identifier: Apache-2.0
 * 消去: a returned card is erased before a witness and read back empty, or noted as one that
 * cannot be erased any more (N32). */
#pragma once

#include "daemon/op/work.h"

typedef struct EraseRequest {
	const char *card;
	const char *reader;
	const char *witness;    /* staff number, NULL with a session */
	const char *session;    /* witnessed session the card stands in, or NULL */
	gboolean is_unerasable; /* 消去不能: the chip does not answer; nothing is touched */
} EraseRequest;

gboolean erase_card(Op *op, const EraseRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
