/* SPDX-License-Identifier: Apache-2.0
 * Head and body leave in one sendmsg() where the socket takes them. */
#include "daemon/api/http_sender.h"

#include <sys/uio.h>

void http_sender_init(HttpSender *sender)
{
	sender->head = g_string_sized_new(256);
	sender->body = NULL;
	sender->sent = 0;
}

void http_sender_clear(HttpSender *sender)
{
	g_string_free(sender->head, TRUE);
	sender->head = NULL;
	g_clear_pointer(&sender->body, g_bytes_unref);
}

void http_sender_start(HttpSender *sender, HttpReply *reply, const HttpWire *wire)
{
	http_wire_format(sender->head, reply, wire);
	sender->sent = 0;
	g_clear_pointer(&sender->body, g_bytes_unref);
	if (!wire->is_head && !http_wire_is_bodiless(reply->status))
		sender->body = g_steal_pointer(&reply->body);
	http_reply_free(reply);
}

static gssize send_some(const HttpSender *sender, HttpStream *stream)
{
	gsize head_sent = MIN(sender->sent, sender->head->len);
	gsize body_sent = sender->sent - head_sent;
	struct iovec parts[2] = {
		{ sender->head->str + head_sent, sender->head->len - head_sent },
	};
	int n_parts = 1;

	if (sender->body != NULL) {
		gsize size;
		const char *bytes = g_bytes_get_data(sender->body, &size);

		if (body_sent < size) {
			parts[1].iov_base = (char *) bytes + body_sent;
			parts[1].iov_len = size - body_sent;
			n_parts = 2;
		}
	}
	return http_stream_send(stream, parts, n_parts);
}

HttpSent http_sender_send(HttpSender *sender, HttpStream *stream, gsize *ret_n)
{
	gsize total =
		sender->head->len + (sender->body != NULL ? g_bytes_get_size(sender->body) : 0);

	*ret_n = 0;
	while (sender->sent < total) {
		gssize n = send_some(sender, stream);

		if (n == HTTP_STREAM_AGAIN)
			return HTTP_SENT_PART;
		if (n <= 0)
			return HTTP_SENT_BROKEN;
		sender->sent += (gsize) n;
		*ret_n += (gsize) n;
	}
	g_clear_pointer(&sender->body, g_bytes_unref);
	return HTTP_SENT_ALL;
}
