/* SPDX-License-Identifier: Apache-2.0
 * The CA's key. One made before a crash is used: it belongs to nothing else, because there is no CA
 * row with it yet. */
#include "daemon/op/authority_key.h"

#include "daemon/base/error.h"
#include "daemon/ca/token_uri.h"

#define KIND "ec:P-256"

gboolean authority_key_choose(const House *house, const AuthorityRequest *request, char **ret_uri,
			      const char **ret_kind, GError **error)
{
	const char *configured = config_text(house->config, CONFIG_CA_KEY);
	gboolean is_token = request->key != NULL && token_uri_is(request->key);
	const char *kind = request->algorithm != NULL         ? request->algorithm
			   : is_token || request->key == NULL ? KIND
							      : request->key;
	const char *uri = is_token ? request->key : configured;
	g_auto(TokenUri) parsed = { NULL, NULL };
	KeyKind known;

	if (!key_kind_parse(kind, &known, error) ||
	    (token_uri_is(uri) && !token_uri_parse(uri, &parsed, error)))
		return FALSE;
	*ret_kind = kind;
	*ret_uri = *uri != '\0' ? g_strdup(uri)
				: g_strdup_printf("file:%s/ca/ca.key",
						  config_text(house->config, CONFIG_STATE_DIR));
	return TRUE;
}

static SignToken *open_token(const House *house, const char *uri, GError **error)
{
	const Config *config = house->config;
	g_autofree char *program =
		g_build_filename(config_text(config, CONFIG_LIBEXEC_DIR), "opcard-card", NULL);
	SignTokenOptions options = {
		.program = program,
		.module = config_text(config, CONFIG_CA_MODULE),
		.folder = config_text(config, CONFIG_CA_TOKEN_DIR),
		.pin_uri = config_text(config, CONFIG_CA_PIN),
		.deadline = config_number(config, CONFIG_CA_DEADLINE),
	};

	return sign_token_new(uri, &options, error);
}

static Signer *make_on_token(const House *house, const char *uri, const char *kind, GError **error)
{
	g_autoptr(SignToken) token = open_token(house, uri, error);
	g_autoptr(GBytes) spki = NULL;
	g_autoptr(GError) absent = NULL;

	if (token == NULL)
		return NULL;
	spki = sign_token_find(token, &absent);
	if (spki == NULL && !g_error_matches(absent, ERROR_DOMAIN, ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&absent));
		return NULL;
	}
	if (spki == NULL)
		spki = sign_token_generate(token, kind, error);
	return spki != NULL ? sign_new_token(g_steal_pointer(&token), spki, error) : NULL;
}

static Signer *make_in_file(const char *uri, const char *kind_name, GError **error)
{
	KeyKind kind;
	g_autoptr(GError) absent = NULL;
	g_autoptr(Key) key = key_load(uri, &absent);

	if (key == NULL && !g_error_matches(absent, ERROR_DOMAIN, ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&absent));
		return NULL;
	}
	if (key == NULL) {
		key = key_kind_parse(kind_name, &kind, error) ? key_generate(kind, error) : NULL;
		if (key == NULL || !key_store(key, uri, error))
			return NULL;
	}
	return sign_new(key, error);
}

Signer *authority_key_make(const House *house, const char *uri, const char *kind, GError **error)
{
	return token_uri_is(uri) ? make_on_token(house, uri, kind, error)
				 : make_in_file(uri, kind, error);
}

Signer *authority_key_open(const House *house, const IssuerRow *row, GError **error)
{
	g_auto(DerFacts) facts = { 0 };
	g_autoptr(Key) key = NULL;
	SignToken *token;

	if (!token_uri_is(row->key_uri)) {
		key = key_load(row->key_uri, error);
		return key != NULL ? sign_new(key, error) : NULL;
	}
	if (!der_read(row->certificate, &facts, error))
		return NULL;
	token = open_token(house, row->key_uri, error);
	return token != NULL ? sign_new_token(token, facts.spki, error) : NULL;
}
