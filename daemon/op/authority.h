/* SPDX-License-Identifier: Apache-2.0
 * The certification authority of this house: made once, opened at every start, its OCSP responder
 * renewed by itself. */
#pragma once

#include "daemon/op/op.h"

typedef struct AuthorityRequest {
	const char *key;       /* "ec:P-256" …, or "pkcs11:token=…"; NULL: as configured */
	const char *algorithm; /* "ec:P-256" … of a key on a token */
	const char *subject;   /* NULL = from the configuration or the organisation's name */
} AuthorityRequest;

/* 認証局開設. ERROR_EXISTS when there is one. */
gboolean authority_init(Op *op, const AuthorityRequest *request,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At start: loads issuer, responder, status index and list. Fine before `ca init`. */
gboolean authority_open(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the CA key can be used now; TRUE before `ca init`. Waits for a token: never inside a
 * transaction. */
gboolean authority_reach(House *house, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Why a CA key on a token could not be used the last time, else NULL. g_error_free(). */
GError *authority_trouble(House *house);
/* Renews the responder's certificate when it is due. */
gboolean authority_renew_responder(House *house, gint64 now,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
