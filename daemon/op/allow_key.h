/* SPDX-License-Identifier: Apache-2.0
 * Whether a key's algorithm may be used on a day, by [policy] algorithms (N12). What was made
 * before goes on being revocable and answered; only new signatures are refused. */
#pragma once

#include "daemon/op/op.h"

/* @name is "ec:P-256" … of a key that is to be made. Errors: RULE. */
gboolean allow_key_name(const House *house, gint64 now, const char *name,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* SubjectPublicKeyInfo DER of a key that is there, or came from elsewhere. Errors: RULE. */
gboolean allow_key_spki(const House *house, gint64 now, GBytes *spki,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Before a card is touched: the kind of key it would get, and the CA that would sign it, whose key
 * must be within reach. Never inside a transaction. Errors: RULE, CA. */
gboolean allow_key_issue(const Op *op, const Issuer *issuer,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
