/* SPDX-License-Identifier: Apache-2.0
 * "pkcs11:token=LABEL;object=LABEL": which key of which token (RFC 7512). Module and PIN are not
 * part of it: they stand in the configuration, so that nobody names a program over the API. */
#pragma once

#include <glib.h>

#define TOKEN_URI_OBJECT "opcard-ca" /* when the URI names none */

typedef struct TokenUri {
	char *token;
	char *object;
} TokenUri;

/* The scheme alone. */
gboolean token_uri_is(const char *uri);
/* Errors: USAGE (no token, an attribute that is not understood, a label too long). */
gboolean token_uri_parse(const char *uri, TokenUri *ret_uri,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void token_uri_clear(TokenUri *uri);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TokenUri, token_uri_clear)
