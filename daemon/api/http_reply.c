/* SPDX-License-Identifier: Apache-2.0
 * Replies as the server sends them. */
#include "daemon/api/http_reply.h"

#include <string.h>

typedef struct ReasonRow {
	int status;
	const char *reason;
} ReasonRow;

/* clang-format off */
static const ReasonRow reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 207, "Multi-Status" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};
/* clang-format on */

HttpReply *http_reply_new(int status, const char *content_type, GBytes *body)
{
	HttpReply *reply = g_new0(HttpReply, 1);

	reply->status = status;
	reply->content_type = g_strdup(content_type);
	reply->body = body;
	return reply;
}

static gboolean is_printable(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7e)
			return FALSE;
	return TRUE;
}

void http_reply_add_header(HttpReply *reply, const char *name, const char *value)
{
	g_return_if_fail(is_printable(name) && is_printable(value));
	if (reply->headers == NULL)
		reply->headers = g_string_new(NULL);
	g_string_append_printf(reply->headers, "%s: %s\r\n", name, value);
}

void http_reply_free(HttpReply *reply)
{
	if (reply == NULL)
		return;
	g_free(reply->content_type);
	g_clear_pointer(&reply->body, g_bytes_unref);
	if (reply->headers != NULL)
		g_string_free(reply->headers, TRUE);
	g_free(reply);
}

const char *http_reply_reason(int status)
{
	for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}
