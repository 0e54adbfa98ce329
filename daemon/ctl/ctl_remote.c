/* SPDX-License-Identifier: Apache-2.0
 * libcurl's settings for TLS. The server's name and chain are always checked. */
#include "daemon/ctl/ctl_remote.h"

#include <string.h>

#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_token.h"

struct CtlRemote {
	const Ctl *ctl;
	char *server;
	CtlToken *token; /* NULL: files */
};

static gboolean is_card(const Ctl *ctl)
{
	return g_str_has_prefix(ctl->cert, "pkcs11:");
}

static gboolean check(const Ctl *ctl, GError **error)
{
	if (!g_str_has_prefix(ctl->server, "https://"))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("--server %s: write https://HOST:PORT."), ctl->server);
	if (ctl->cert == NULL)
		return ctl_problem_set(error, CTL_PROBLEM_INPUT,
				       N_("--server needs --cert: pkcs11: for the card in the "
					  "reader, or a file (PEM)."));
	return TRUE;
}

CtlRemote *ctl_remote_open(const Ctl *ctl, GError **error)
{
	g_autoptr(CtlRemote) remote = g_new0(CtlRemote, 1);

	if (!check(ctl, error))
		return NULL;
	remote->ctl = ctl;
	remote->server = g_strdup(ctl->server);
	while (g_str_has_suffix(remote->server, "/"))
		remote->server[strlen(remote->server) - 1] = '\0';
	if (is_card(ctl) && (remote->token = ctl_token_open(ctl, ctl->cert, error)) == NULL)
		return NULL;
	return g_steal_pointer(&remote);
}

void ctl_remote_free(CtlRemote *remote)
{
	if (remote == NULL)
		return;
	ctl_token_free(remote->token);
	g_free(remote->server);
	g_free(remote);
}

static CURLcode use_card(CURL *curl, void *context, void *data)
{
	CtlRemote *remote = data;

	(void) curl;
	return ctl_token_use(remote->token, context) ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

void ctl_remote_apply(CtlRemote *remote, CURL *curl)
{
	const Ctl *ctl = remote->ctl;

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
	if (ctl->cacert != NULL) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, ctl->cacert);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	if (remote->token != NULL) {
		curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, use_card);
		curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, remote);
		return;
	}
	curl_easy_setopt(curl, CURLOPT_SSLCERT, ctl->cert);
	curl_easy_setopt(curl, CURLOPT_SSLKEY, ctl->key != NULL ? ctl->key : ctl->cert);
}

const char *ctl_remote_server(const CtlRemote *remote)
{
	return remote->server;
}
