/* SPDX-License-Identifier: Apache-2.0
 * The one question before every change of a card: does table A allow it, here and now, to this
 * caller? Reads only; asked again inside the transaction that makes the change. */
#pragma once

#include "daemon/op/op.h"

typedef struct AllowRequest {
	const Card *card;
	CardEvent event;
	gint64 holder;         /* who holds it, or will after this event; 0 = nobody */
	const char *authority; /* of the designation asked for; NULL = the card's own */
	const char *replaces;  /* the live card this one takes over from, or NULL */
	const char *witness;   /* staff number, or NULL */
} AllowRequest;

/* NULL with an error that names the card, the rule and the way out. */
const LifecycleRule *allow_event(StoreTx *tx, const Op *op, const AllowRequest *request,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the caller's roles fit: own section for section managers, own card for holders. */
gboolean allow_role(StoreTx *tx, const Op *op, const Card *card, RoleSet roles,
		    gboolean *ret_is_allowed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ELIGIBLE for the present holder, outside any event (a hold lifted by the holder's own change). */
gboolean allow_eligible(StoreTx *tx, const Op *op, const Card *card,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the caller may act on both sides by an exception in force (N05, N81); op->exceptions then
 * has its number. */
gboolean allow_exception(StoreTx *tx, const Op *op, gboolean *ret_is_excepted,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
