/* SPDX-License-Identifier: Apache-2.0
 * Where the CA's private key lives: a file of the daemon's, or a PKCS#11 token. */
#pragma once

#include "daemon/op/authority.h"
#include "daemon/store/store_issuer.h"

/* Address (g_free) and kind (static or of @request) of the key that @request asks for. Errors:
 * USAGE. */
gboolean authority_key_choose(const House *house, const AuthorityRequest *request, char **ret_uri,
			      const char **ret_kind, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The key at @uri, made now unless it is there. */
Signer *authority_key_make(const House *house, const char *uri, const char *kind,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The key of a CA of ours; one on a token is not touched yet. */
Signer *authority_key_open(const House *house, const IssuerRow *row,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
