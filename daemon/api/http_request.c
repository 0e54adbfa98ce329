/* SPDX-License-Identifier: Apache-2.0
 * Requests as the handlers see them. */
#include "daemon/api/http_request.h"

#include <string.h>

/* clang-format off */
static const char *const method_names[_HTTP_METHOD_MAX] = {
	[HTTP_GET]    = "GET",
	[HTTP_HEAD]   = "HEAD",
	[HTTP_POST]   = "POST",
	[HTTP_PUT]    = "PUT",
	[HTTP_DELETE] = "DELETE",
};
/* clang-format on */

void http_request_free(HttpRequest *request)
{
	if (request == NULL)
		return;
	if (request->body != NULL)
		explicit_bzero(request->body, request->body_length);
	g_free(request->body);
	g_free(request->path);
	g_clear_pointer(&request->query, g_hash_table_unref);
	g_clear_pointer(&request->peer, http_peer_unref);
	g_free(request->host);
	g_free(request->idempotency_key);
	g_free(request->if_none_match);
	g_free(request->if_modified_since);
	g_free(request->content_type);
	g_free(request->accept);
	g_free(request->accept_language);
	g_free(request);
}

const char *http_request_query(const HttpRequest *request, const char *key)
{
	return request->query != NULL ? g_hash_table_lookup(request->query, key) : NULL;
}

gboolean http_request_is_type(const HttpRequest *request, const char *type)
{
	gsize length = strlen(type);

	if (request->content_type == NULL ||
	    g_ascii_strncasecmp(request->content_type, type, length) != 0)
		return FALSE;
	return strchr("; \t", request->content_type[length]) != NULL;
}

const char *http_request_method_name(HttpMethod method)
{
	return method_names[method];
}
