/* SPDX-License-Identifier: Apache-2.0
 * Listeners by the configuration. */
#include "daemon/api/door.h"

#include "daemon/api/metrics.h"
#include "daemon/api/route.h"
#include "daemon/base/error.h"
#include "daemon/store/store_issuer.h"

static HttpOptions options_of(const Config *config)
{
	guint per_peer = (guint) config_number(config, CONFIG_PER_PEER);

	return (HttpOptions){
		.body_limit = route_body_limit,
		.max_connections = (guint) config_number(config, CONFIG_CONNECTIONS),
		.max_per_uid = per_peer,
		.max_per_address = per_peer,
		.header_ms = (guint) config_number(config, CONFIG_HEADER_TIME) * 1000,
		.body_ms = (guint) config_number(config, CONFIG_BODY_TIME) * 1000,
		.idle_ms = (guint) config_number(config, CONFIG_IDLE_TIME) * 1000,
	};
}

static gboolean is_tls(const Api *api)
{
	return *config_text(api->house->config, CONFIG_TLS_LISTEN) != '\0';
}

gboolean door_reload(Api *api, GError **error)
{
	const Config *config = api->house->config;
	const char *client_ca = config_text(config, CONFIG_TLS_CA);
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(GPtrArray) authorities = NULL;

	if (!is_tls(api))
		return TRUE;
	tx = store_tx_read(api->house->store, error);
	authorities = tx != NULL ? store_issuer_certificates(tx, error) : NULL;
	if (authorities == NULL)
		return FALSE;
	HttpTlsFiles files = { .certificate = config_text(config, CONFIG_TLS_CERT),
			       .key = config_text(config, CONFIG_TLS_KEY),
			       .client_ca = *client_ca != '\0' ? client_ca : NULL,
			       .authorities = authorities };

	if (!http_tls_load(api->tls, &files, error))
		return FALSE;
	api->house->tls_ends = http_tls_end(api->tls);
	return TRUE;
}

static gboolean open_tls(Api *api, const HttpOptions *options, GError **error)
{
	if (!is_tls(api))
		return TRUE;
	api->tls = http_tls_new();
	api->tls_server = http_server_new(options, route_dispatch, api, error);
	return api->tls_server != NULL && door_reload(api, error) &&
	       http_server_listen_tls(api->tls_server,
				      config_text(api->house->config, CONFIG_TLS_LISTEN), api->tls,
				      error);
}

static gboolean open_public(Api *api, GError **error)
{
	const char *listen = config_text(api->house->config, CONFIG_LISTEN);

	api->public.house = api->house;
	api->public.push = push_new(api->server, api->house->publisher, error);
	return api->public.push != NULL &&
	       (*listen == '\0' ||
		http_server_listen_tcp(api->server, listen, metrics_public, api, error));
}

gboolean door_open(Api *api, GError **error)
{
	const Config *config = api->house->config;
	HttpOptions options = options_of(config);

	api->server = http_server_new(&options, route_dispatch, api, error);
	return api->server != NULL &&
	       http_server_listen_unix(api->server, config_text(config, CONFIG_SOCKET), 0666,
				       error) &&
	       open_public(api, error) && open_tls(api, &options, error);
}

gboolean door_start(Api *api, GError **error)
{
	return http_server_start(api->server, error) &&
	       (api->tls_server == NULL || http_server_start(api->tls_server, error));
}

void door_stop(Api *api)
{
	push_stop(api->public.push);
	if (api->server != NULL)
		http_server_stop(api->server);
	if (api->tls_server != NULL)
		http_server_stop(api->tls_server);
}

void door_close(Api *api)
{
	g_clear_pointer(&api->public.push, push_free);
	g_clear_pointer(&api->server, http_server_free);
	g_clear_pointer(&api->tls_server, http_server_free);
	g_clear_pointer(&api->tls, http_tls_free);
}
