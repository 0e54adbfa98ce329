/* SPDX-License-Identifier: Apache-2.0
 * Idempotency-Key: a repeated request gets the first answer again. Kept in the store, so that it
 * holds over a restart; secret fields leave no trace in it. */
#pragma once

#include "daemon/api/call.h"

/* The keys of requests that are under way. */
Flights *idempotency_open(void);
void idempotency_close(Flights *flights);

/* *ret_reply is the kept answer, or NULL when the key is new or absent. ERROR_EXISTS when the key
 * was used with another request. Where *ret_reply is NULL the key is the call's own until
 * idempotency_land(): who comes with the same one waits for its answer, ERROR_BUSY after a while.
 */
gboolean idempotency_replay(Call *call, HttpReply **ret_reply,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean idempotency_keep(Call *call, const HttpReply *reply,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After the answer is kept, or there is none. */
void idempotency_land(Call *call);
