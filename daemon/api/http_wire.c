/* SPDX-License-Identifier: Apache-2.0
 * Status line and headers. Put together without printf: this runs once for every OCSP answer. */
#include "daemon/api/http_wire.h"

#include <event2/util.h>

static void append_number(GString *out, guint64 value)
{
	char digits[20];
	gsize n = sizeof digits;

	do {
		digits[--n] = (char) ('0' + value % 10);
		value /= 10;
	} while (value > 0);
	g_string_append_len(out, digits + n, (gssize) (sizeof digits - n));
}

/* The text of the Date header, made anew once a second. */
static const char *date(void)
{
	static _Thread_local char text[48];
	static _Thread_local gint64 second = -1;
	gint64 now = g_get_monotonic_time() / G_USEC_PER_SEC;

	if (now != second) {
		evutil_date_rfc1123(text, sizeof text, NULL);
		second = now;
	}
	return text;
}

gboolean http_wire_is_bodiless(int status)
{
	return status == 204 || status == 304;
}

void http_wire_format(GString *out, const HttpReply *reply, const HttpWire *wire)
{
	g_string_assign(out, "HTTP/1.1 ");
	append_number(out, (guint64) reply->status);
	g_string_append_c(out, ' ');
	g_string_append(out, http_reply_reason(reply->status));
	g_string_append(out, "\r\nDate: ");
	g_string_append(out, date());
	if (reply->content_type != NULL) {
		g_string_append(out, "\r\nContent-Type: ");
		g_string_append(out, reply->content_type);
	}
	if (!http_wire_is_bodiless(reply->status)) {
		g_string_append(out, "\r\nContent-Length: ");
		append_number(out, reply->body != NULL ? g_bytes_get_size(reply->body) : 0);
	}
	if (reply->is_secret)
		g_string_append(out, "\r\nCache-Control: no-store");
	if (!wire->is_kept)
		g_string_append(out, "\r\nConnection: close");
	else if (!wire->is_1_1)
		g_string_append(out, "\r\nConnection: keep-alive");
	g_string_append(out, "\r\n");
	if (reply->headers != NULL)
		g_string_append_len(out, reply->headers->str, (gssize) reply->headers->len);
	g_string_append(out, "\r\n");
}
