/* SPDX-License-Identifier: Apache-2.0
 * Idempotency-Key: a repeated request gets the first answer again. Kept in the store, so that it
 * holds over a restart; secret fields leave no trace in it. */
#pragma once

#include "daemon/api/call.h"

/* *ret_reply is the kept answer, or NULL when the key is new or absent. ERROR_EXISTS when the key
 * was used with another request. */
gboolean idempotency_replay(Call *call, HttpReply **ret_reply,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean idempotency_keep(Call *call, const HttpReply *reply,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
