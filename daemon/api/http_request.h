/* SPDX-License-Identifier: Apache-2.0
 * One complete request, free of the connection it came from: it may travel to any thread. */
#pragma once

#include "daemon/api/http_peer.h"

typedef enum HttpMethod {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	_HTTP_METHOD_MAX,
} HttpMethod;

typedef struct HttpServer HttpServer;

typedef struct HttpRequest {
	HttpServer *server; /* whose http_server_reply() is to be called … */
	guint64 id;         /* … with this; never 0, never used twice */
	HttpMethod method;
	/* Percent-decoded UTF-8 that begins with "/": no control character, no "." or ".." segment.
	 * "//" is kept: base64 in a GET of RFC 6960 may hold it. */
	char *path;
	GHashTable *query; /* char * → char *, decoded, no key twice; NULL where there is no "?" */
	HttpPeer *peer;
	/* Headers as they came, visible ASCII, spaces and tabs; NULL where absent, refused if sent
	 * twice. */
	char *host;
	char *idempotency_key;
	char *if_none_match;
	char *if_modified_since;
	char *content_type;
	char *accept;
	char *accept_language;
	unsigned char *body; /* erased on free: it may hold a PIN; NULL where body_length is 0 */
	gsize body_length;
} HttpRequest;

/* Erases the body. */
void http_request_free(HttpRequest *request);
/* The decoded value of the query's @key, NULL where absent. Owned by @request. */
const char *http_request_query(const HttpRequest *request, const char *key);
/* TRUE if the Content-Type is @type, parameters and letter case aside. */
gboolean http_request_is_type(const HttpRequest *request, const char *type);
/* "GET" …; static. */
const char *http_request_method_name(HttpMethod method);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRequest, http_request_free)
