/* SPDX-License-Identifier: Apache-2.0
 * The part of RFC 7512 that is needed; everything else is refused rather than passed over. */
#include "daemon/ca/token_uri.h"

#include <string.h>

#include "daemon/base/error.h"

#define SCHEME     "pkcs11:"
#define TOKEN_MAX  32 /* bytes of CK_TOKEN_INFO.label */
#define OBJECT_MAX 255

gboolean token_uri_is(const char *uri)
{
	return g_str_has_prefix(uri, SCHEME);
}

void token_uri_clear(TokenUri *uri)
{
	g_clear_pointer(&uri->token, g_free);
	g_clear_pointer(&uri->object, g_free);
}

static gboolean take(const char *text, gsize max, char **field)
{
	char *value = g_uri_unescape_string(text, NULL);

	if (value == NULL || *value == '\0' || strlen(value) > max || *field != NULL) {
		g_free(value);
		return FALSE;
	}
	*field = value;
	return TRUE;
}

static gboolean take_attribute(const char *attribute, TokenUri *uri)
{
	if (g_str_has_prefix(attribute, "token="))
		return take(attribute + strlen("token="), TOKEN_MAX, &uri->token);
	if (g_str_has_prefix(attribute, "object="))
		return take(attribute + strlen("object="), OBJECT_MAX, &uri->object);
	return g_str_equal(attribute, "type=private");
}

gboolean token_uri_parse(const char *uri, TokenUri *ret_uri, GError **error)
{
	g_auto(TokenUri) parsed = { NULL, NULL };
	g_auto(GStrv) attributes = NULL;
	gboolean is_good = token_uri_is(uri) && strchr(uri, '?') == NULL;

	attributes = is_good ? g_strsplit(uri + strlen(SCHEME), ";", -1) : NULL;
	for (char **one = attributes; is_good && *one != NULL; one++)
		is_good = take_attribute(*one, &parsed);
	if (!is_good || parsed.token == NULL)
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no key on a token: write "
				    "pkcs11:token=LABEL;object=LABEL; module, pin and token-dir "
				    "stand in [ca] of the configuration"),
				 uri);
	if (parsed.object == NULL)
		parsed.object = g_strdup(TOKEN_URI_OBJECT);
	*ret_uri = parsed;
	parsed = (TokenUri){ NULL, NULL };
	return TRUE;
}
