/* SPDX-License-Identifier: Apache-2.0
 * 初期化: a blank card gets our administrator key and becomes a spare that nobody can use (N31). */
#pragma once

#include "daemon/op/op.h"

typedef struct PrepareRequest {
	const char *card;
	const char *reader; /* NULL = the only one */
} PrepareRequest;

gboolean prepare_card(Op *op, const PrepareRequest *request,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
