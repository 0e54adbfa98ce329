/* SPDX-License-Identifier: Apache-2.0
 * The CA gets a successor (RFC 4210 4.4): a new key under the same name. New cards are signed by
 * the new one; the old one signs lists and answers until its last certificate has ended. */
#pragma once

#include "daemon/op/authority.h"

/* 認証局更新. The role system-admin, or uid 0. */
gboolean authority_renew(Op *op, const AuthorityRequest *request,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Goes on with a renewal that was cut off; TRUE when there is none. May wait for a token. */
gboolean authority_renew_finish(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At start: the same, but a key on a token is left to the job, and what fails too. */
gboolean authority_renew_repair(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
