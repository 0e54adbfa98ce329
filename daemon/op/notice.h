/* SPDX-License-Identifier: Apache-2.0
 * Notices to people (reminders, escalations, decisions): written to the outbox in the transaction
 * of what they tell of, so that neither is without the other. Nothing here waits for anyone. */
#pragma once

#include "daemon/op/op.h"

typedef struct Notice {
	const char *kind; /* row of the table in notice_kind.c */
	const char *to; /* "post:市民課長", "staff:012345", "role:system-admin", "section:0301" */
	const char *about; /* id of the card, duty, case, application …; NULL = none */
	json_t *values;    /* strings and numbers for the {places} of the text, taken over even on
			      failure; NULL = none. Never a secret: it is kept and leaves the house */
} Notice;

/* Adds @notice within @tx, to go out on every channel that is configured. A place without a value
 * shows "－". */
gboolean notice_add(StoreTx *tx, const Op *op, const Notice *notice,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same once and for all for @stage of @about, however often it is asked for (reminders that are
 * found again after a crash). *ret_is_new may be NULL. */
gboolean notice_add_once(StoreTx *tx, const Op *op, const Notice *notice, const char *stage,
			 gboolean *ret_is_new, GError **error) G_GNUC_WARN_UNUSED_RESULT;
