/* SPDX-License-Identifier: Apache-2.0
 * The bytes of a connection, plain or through TLS. Never blocks. On the http thread only. */
#pragma once

#include <glib.h>
#include <sys/uio.h>

#include "daemon/api/http_tls.h"

/* Beside numbers of bytes, which are above 0. */
#define HTTP_STREAM_AGAIN ((gssize) -1) /* nothing now */
#define HTTP_STREAM_END   ((gssize) -2) /* the peer has ended, or the connection is broken */

typedef enum HttpHandshake {
	HTTP_HANDSHAKE_DONE,
	HTTP_HANDSHAKE_AGAIN,
	HTTP_HANDSHAKE_REFUSED, /* the peer was told why, if it speaks TLS */
	_HTTP_HANDSHAKE_MAX,
} HttpHandshake;

typedef struct HttpStream {
	int fd;
	struct ssl_st *ssl;     /* NULL: plain */
	gboolean is_broken;     /* no farewell is said */
	gboolean wants_to_send; /* of an unfinished handshake: what it waits for */
} HttpStream;

/* Takes @fd over. @tls NULL: plain. A stream that cannot be made refuses its handshake. */
void http_stream_init(HttpStream *stream, int fd, HttpTls *tls);
/* Says farewell where TLS wants one, and closes. */
void http_stream_close(HttpStream *stream);
HttpHandshake http_stream_shake(HttpStream *stream);
gssize http_stream_receive(HttpStream *stream, void *bytes, gsize max);
gssize http_stream_send(HttpStream *stream, const struct iovec *parts, int n_parts);
/* TRUE if received bytes wait where no event tells of them. */
gboolean http_stream_has_more(const HttpStream *stream);
/* Ends the sending side; FALSE if the connection is gone. */
gboolean http_stream_finish(HttpStream *stream) G_GNUC_WARN_UNUSED_RESULT;
/* Throws away what a peer that was refused still sends; FALSE at its end. */
gboolean http_stream_discard(HttpStream *stream) G_GNUC_WARN_UNUSED_RESULT;
