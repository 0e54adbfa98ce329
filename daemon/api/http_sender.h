/* SPDX-License-Identifier: Apache-2.0
 * A reply on its way into a socket; the body is sent from where it lies. */
#pragma once

#include "daemon/api/http_stream.h"
#include "daemon/api/http_wire.h"

typedef struct HttpSender {
	GString *head;
	GBytes *body; /* NULL where there is none to send */
	gsize sent;   /* of head and body together */
} HttpSender;

typedef enum HttpSent {
	HTTP_SENT_ALL,
	HTTP_SENT_PART, /* the socket takes no more now */
	HTTP_SENT_BROKEN,
	_HTTP_SENT_MAX,
} HttpSent;

void http_sender_init(HttpSender *sender);
void http_sender_clear(HttpSender *sender);
/* Takes @reply over; the one before must have been sent. */
void http_sender_start(HttpSender *sender, HttpReply *reply, const HttpWire *wire);
/* Does not block. @ret_n: bytes sent by this call. */
HttpSent http_sender_send(HttpSender *sender, HttpStream *stream, gsize *ret_n);
