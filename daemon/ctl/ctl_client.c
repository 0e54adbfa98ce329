/* SPDX-License-Identifier: Apache-2.0
 * Requests by libcurl. One handle a run, so that the connection is kept. */
#include "daemon/ctl/ctl_client.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_remote.h"

#define LOCAL           "http://opcardd"
#define BASE            "/api/v1"
#define CONNECT_SECONDS 10L
#define ANSWER_SECONDS  300L
#define PAGE            500
#define REPLY_MAX       (256u * 1024 * 1024)

struct CtlClient {
	const Ctl *ctl;
	CtlRemote *remote; /* NULL until the first request, and with a socket */
	CURL *curl;
	char fault[CURL_ERROR_SIZE];
};

typedef struct Request {
	const char *method;
	const char *path;
	const char *body; /* JSON, or NULL */
	gsize length;
} Request;

typedef struct curl_slist Headers;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Headers, curl_slist_free_all)

CtlClient *ctl_client_new(const Ctl *ctl)
{
	CtlClient *client = g_new0(CtlClient, 1);

	client->ctl = ctl;
	client->curl = curl_easy_init();
	return client;
}

void ctl_client_free(CtlClient *client)
{
	if (client == NULL)
		return;
	curl_easy_cleanup(client->curl);
	ctl_remote_free(client->remote);
	g_free(client);
}

void ctl_client_reply_free(CtlReply *reply)
{
	g_free(reply->type);
	json_decref(reply->json);
	g_byte_array_unref(reply->body);
	g_free(reply);
}

static size_t receive(char *bytes, size_t size, size_t count, void *reply)
{
	GByteArray *body = ((CtlReply *) reply)->body;

	if (count > REPLY_MAX - body->len)
		return 0;
	g_byte_array_append(body, (const guint8 *) bytes, (guint) (size * count));
	return size * count;
}

static gboolean set_unreachable(const CtlClient *client, CURLcode code, GError **error)
{
	long os_error = 0;
	const char *why = curl_easy_strerror(code);

	(void) curl_easy_getinfo(client->curl, CURLINFO_OS_ERRNO, &os_error);
	if (code == CURLE_COULDNT_CONNECT && os_error != 0)
		why = strerrordesc_np((int) os_error);
	else if (*client->fault != '\0')
		why = client->fault;
	if (client->remote != NULL)
		return ctl_problem_set(error, CTL_PROBLEM_UNREACHABLE,
				       N_("opcardd cannot be reached at %s (%s). A refused "
					  "certificate ends the connection too; --cacert names the "
					  "file that vouches for the server."),
				       ctl_remote_server(client->remote), why);
	return ctl_problem_set(
		error, CTL_PROBLEM_UNREACHABLE,
		N_("opcardd cannot be reached at %s (%s). Is it running (systemctl status "
		   "opcardd)? Another socket is named by --socket or OPCARD_SOCKET."),
		client->ctl->socket, why);
}

static Headers *headers_new(const Request *request, const char *key)
{
	g_autofree char *idempotency = g_strdup_printf("Idempotency-Key: %s", key);
	Headers *headers = curl_slist_append(NULL, "Accept: application/json, */*");

	headers = curl_slist_append(headers, "Expect:");
	if (request->body != NULL)
		headers = curl_slist_append(headers, "Content-Type: application/json");
	if (strcmp(request->method, "GET") != 0)
		headers = curl_slist_append(headers, idempotency);
	return headers;
}

static void prepare(CtlClient *client, const Request *request, const Headers *headers,
		    CtlReply *reply)
{
	const char *server = client->remote != NULL ? ctl_remote_server(client->remote) : LOCAL;
	gboolean is_above = strcmp(request->path, "/metrics") == 0 ||
			    strcmp(request->path, "/openapi.yaml") == 0;
	g_autofree char *url = g_strconcat(server, is_above ? "" : BASE, request->path, NULL);
	CURL *curl = client->curl;

	curl_easy_reset(curl);
	if (client->remote != NULL)
		ctl_remote_apply(client->remote, curl);
	else
		curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, client->ctl->socket);
	*client->fault = '\0';
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->fault);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, ANSWER_SECONDS);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
	if (request->body != NULL) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->length);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
	}
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

static void read_type(const CtlClient *client, CtlReply *reply)
{
	const char *type = NULL;

	(void) curl_easy_getinfo(client->curl, CURLINFO_CONTENT_TYPE, &type);
	reply->type = type == NULL ? g_strdup("") : g_strndup(type, strcspn(type, "; "));
	if (strcmp(reply->type, "application/json") == 0 ||
	    strcmp(reply->type, "application/problem+json") == 0)
		reply->json = json_loadb((const char *) reply->body->data, reply->body->len,
					 JSON_DECODE_ANY, NULL);
}

/* The daemon may have been restarted under a kept or a working connection. */
static gboolean is_broken(CURLcode code)
{
	return code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR;
}

static CtlReply *exchange(CtlClient *client, const Request *request, GError **error)
{
	g_autofree char *key = g_uuid_string_random();
	g_autoptr(Headers) headers = headers_new(request, key);
	g_autoptr(CtlReply) reply = g_new0(CtlReply, 1);
	CURLcode code;

	reply->body = g_byte_array_new();
	if (client->ctl->server != NULL && client->remote == NULL &&
	    (client->remote = ctl_remote_open(client->ctl, error)) == NULL)
		return NULL;
	prepare(client, request, headers, reply);
	code = curl_easy_perform(client->curl);
	if (is_broken(code)) {
		g_byte_array_set_size(reply->body, 0);
		code = curl_easy_perform(client->curl);
	}
	if (code != CURLE_OK) {
		(void) set_unreachable(client, code, error);
		return NULL;
	}
	(void) curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &reply->status);
	read_type(client, reply);
	/* "Partly done" is a 207: what is missing must not be taken for done. */
	if (reply->status >= 400 || strcmp(reply->type, "application/problem+json") == 0) {
		(void) ctl_problem_set_document(error, reply->status, reply->json);
		return NULL;
	}
	return g_steal_pointer(&reply);
}

CtlReply *ctl_client_send(CtlClient *client, const char *method, const char *path,
			  const json_t *body, GError **error)
{
	char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);
	const Request request = { method, path, text, text == NULL ? 0 : strlen(text) };
	CtlReply *reply = exchange(client, &request, error);
	json_free_t release;

	json_get_alloc_funcs(NULL, &release);
	release(text);
	return reply;
}

CtlReply *ctl_client_get(CtlClient *client, const char *path, GError **error)
{
	return ctl_client_send(client, "GET", path, NULL, error);
}

CtlReply *ctl_client_post(CtlClient *client, const char *path, const json_t *body, GError **error)
{
	return ctl_client_send(client, "POST", path, body, error);
}

CtlReply *ctl_client_post_secret(CtlClient *client, const char *path, const CtlSecret *body,
				 GError **error)
{
	const Request request = { "POST", path, ctl_secret_data(body), ctl_secret_length(body) };

	return exchange(client, &request, error);
}

json_t *ctl_client_get_json(CtlClient *client, const char *path, GError **error)
{
	g_autoptr(CtlReply) reply = ctl_client_get(client, path, error);

	if (reply == NULL)
		return NULL;
	if (reply->json == NULL)
		(void) ctl_problem_set(
			error, CTL_PROBLEM_FAILED,
			N_("The answer to GET %s is not JSON. Are opcardctl and opcardd of "
			   "the same version?"),
			path);
	return json_incref(reply->json);
}

static char *page_path(const char *path, const char *query, const char *after, guint size)
{
	g_autoptr(GString) page = g_string_new(path);
	char mark = '?';

	if (*query != '\0') {
		g_string_append_printf(page, "%c%s", mark, query);
		mark = '&';
	}
	if (size > 0) {
		g_string_append_printf(page, "%climit=%u", mark, size);
		mark = '&';
	}
	if (after != NULL) {
		g_autofree char *escaped = g_uri_escape_string(after, NULL, FALSE);

		g_string_append_printf(page, "%cafter=%s", mark, escaped);
	}
	return g_strdup(page->str);
}

json_t *ctl_client_get_list(CtlClient *client, const char *path, const char *query, guint limit,
			    GError **error)
{
	g_autoptr(json_t) list = json_pack("{s[] sn}", "items", "next");
	json_t *items = json_object_get(list, "items");
	const char *after = NULL;

	do {
		guint left = limit == 0 ? 0 : limit - (guint) json_array_size(items);
		g_autofree char *page = page_path(path, query, after, MIN(PAGE, left));
		g_autoptr(json_t) answer = ctl_client_get_json(client, page, error);

		if (answer == NULL)
			return NULL;
		(void) json_array_extend(items, json_object_get(answer, "items"));
		(void) json_object_set(list, "next", json_object_get(answer, "next"));
		after = json_string_value(json_object_get(list, "next"));
	} while (after != NULL && (limit == 0 || json_array_size(items) < limit));
	return g_steal_pointer(&list);
}
