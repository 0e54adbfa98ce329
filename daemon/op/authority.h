/* SPDX-License-Identifier: Apache-2.0
 * The certification authority of this house: made once, opened at every start, its OCSP responder
 * renewed by itself. */
#pragma once

#include "daemon/op/op.h"

typedef struct AuthorityRequest {
	const char *key;     /* "ec:P-256" … */
	const char *subject; /* NULL = from the configuration or the organisation's name */
} AuthorityRequest;

/* 認証局開設. ERROR_EXISTS when there is one. */
gboolean authority_init(Op *op, const AuthorityRequest *request,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At start: loads issuer, responder, status index and list. Fine before `ca init`. */
gboolean authority_open(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Renews the responder's certificate when it is due. */
gboolean authority_renew_responder(House *house, gint64 now,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
