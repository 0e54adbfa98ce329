/* SPDX-License-Identifier: Apache-2.0
 * Witnessed sessions (N19, N32): the witness is named once for the erasure and the destruction of
 * many cards, which are fixed when the session begins. Resumable: what is done is done. */
#pragma once

#include "daemon/op/record.h"
#include "daemon/store/store_session.h"

typedef struct WitnessRequest {
	char **cards; /* numbers; empty or NULL = every card that is RETURNED or ERASED */
	const char *witness;
} WitnessRequest;

/* *ret_id (g_free) is "W-2026-0001", NULL on a dry run. */
gboolean witness_open(Op *op, const WitnessRequest *request, char **ret_id,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean witness_close(Op *op, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The witness (g_free) of the open session @id, in which @card must stand. */
char *witness_of(StoreTx *tx, const char *id, const char *card,
		 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"items":[…],"next"}, newest first. */
json_t *witness_list(StoreTx *tx, const char *before, int limit,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One with its cards; "left" are those not destroyed yet. */
json_t *witness_view(StoreTx *tx, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
