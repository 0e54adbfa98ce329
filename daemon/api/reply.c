/* SPDX-License-Identifier: Apache-2.0
 * Replies of handlers. */
#include "daemon/api/reply.h"

#include <string.h>

#include "daemon/api/json.h"
#include "daemon/api/problem.h"
#include "daemon/base/error.h"

HttpReply *reply_json(int status, json_t *value)
{
	HttpReply *reply = http_reply_new(status, "application/json", json_bytes(value));

	json_decref(value);
	reply->is_secret = TRUE;
	return reply;
}

HttpReply *reply_bytes(int status, const char *content_type, GBytes *body)
{
	return http_reply_new(status, content_type, body);
}

HttpReply *reply_text(int status, const char *content_type, const char *text)
{
	return http_reply_new(status, content_type, g_bytes_new(text, strlen(text)));
}

static HttpReply *with_location(HttpReply *reply, const char *location)
{
	http_reply_add_header(reply, "Location", location);
	return reply;
}

HttpReply *reply_accepted(const char *location, json_t *value)
{
	return with_location(reply_json(202, value), location);
}

HttpReply *reply_created(const char *location, json_t *value)
{
	return with_location(reply_json(201, value), location);
}

HttpReply *reply_empty(void)
{
	return http_reply_new(204, NULL, NULL);
}

HttpReply *reply_not_modified(const char *etag)
{
	HttpReply *reply = http_reply_new(304, NULL, NULL);

	reply_set_etag(reply, etag);
	return reply;
}

HttpReply *reply_not_allowed(const char *allow)
{
	g_autoptr(GError) error = NULL;
	HttpReply *reply;

	error_set(&error, ERROR_USAGE, N_("this resource takes only: %s"), allow);
	reply = problem_reply_status(error, 405);
	http_reply_add_header(reply, "Allow", allow);
	return reply;
}

void reply_set_etag(HttpReply *reply, const char *etag)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\"", etag);

	http_reply_add_header(reply, "ETag", quoted);
	reply->is_secret = FALSE;
	http_reply_add_header(reply, "Cache-Control", "private, no-cache");
}

gboolean reply_is_match(const char *if_none_match, const char *etag)
{
	gsize length = strlen(etag);

	if (if_none_match == NULL)
		return FALSE;
	for (const char *at = if_none_match; *at != '\0';) {
		at += strspn(at, ", \t");
		if (*at == '*')
			return TRUE;
		if (at[0] == 'W' && at[1] == '/')
			at += 2;
		if (*at == '"' && strncmp(at + 1, etag, length) == 0 && at[1 + length] == '"')
			return TRUE;
		if (*at == '"')
			at++;
		at += strcspn(at, "\"");
		at += *at == '"' ? 1 : 0;
	}
	return FALSE;
}

void reply_set_download(HttpReply *reply, const char *file_name)
{
	g_autofree char *escaped = g_uri_escape_string(file_name, "!#$&+^`|", FALSE);
	g_autofree char *plain = g_strdup(file_name);
	g_autofree char *value = NULL;

	for (char *c = plain; *c != '\0'; c++)
		if (!g_ascii_isalnum(*c) && strchr("-._", *c) == NULL)
			*c = '_';
	value = g_strdup_printf("attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, escaped);
	http_reply_add_header(reply, "Content-Disposition", value);
}
