/* SPDX-License-Identifier: Apache-2.0
 * From the other end of a connection to a person and the roles of that person, resolved anew for
 * every request: accounts → persons → roles. Nothing is granted that is not written. */
#pragma once

#include "daemon/api/http_peer.h"
#include "daemon/op/op.h"

/* The account's person by [accounts], its roles by [roles] and by the posts of the registers. */
Actor *principal_resolve(House *house, StoreTx *tx, const HttpPeer *peer, gint64 now,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a staff number, at @now. */
Actor *principal_of_staff(House *house, StoreTx *tx, const char *staff, gint64 now,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds to @actor what [accounts] says of @key ("uid:1001", "cn:NAME"): the person and the roles of
 * that person at @actor->at, or the role of a terminal. Nothing where @key does not stand
 * there. */
gboolean principal_take_account(House *house, StoreTx *tx, const char *key, Actor *actor,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
