/* SPDX-License-Identifier: Apache-2.0
 * One accepted connection from its first byte to its end. Lives on the http thread only; inside the
 * HTTP floor only. */
#pragma once

#include <event2/event.h>
#include <stdatomic.h>

#include "daemon/api/http.h"
#include "daemon/api/http_quota.h"
#include "daemon/api/http_tls.h"

typedef struct HttpConnection HttpConnection;

/* What all connections of a server share. */
typedef struct HttpFloor {
	HttpServer *server;
	struct event_base *base;
	HttpOptions options;  /* every default filled in */
	GQueue connections;   /* of HttpConnection */
	GHashTable *deferred; /* id → HttpConnection */
	guint64 last_id;
	gsize bodies;         /* bytes of large bodies being received */
	gboolean is_stopping; /* the loop ends with the last connection */
	atomic_uint n_connections, n_deferred;
	_Atomic guint64 n_accepted, n_refused, n_strangers, n_requests, n_bad;
} HttpFloor;

/* What the connections of one listener share. */
typedef struct HttpService {
	HttpFloor *floor;
	HttpQuota quota;
	HttpTls *tls; /* NULL: plain */
	HttpHandler handler;
	gpointer data;
} HttpService;

/* Takes over the non-blocking socket @fd, @peer, and what http_quota_take() took for it. */
void http_connection_new(HttpService *service, int fd, HttpPeer *peer);
/* Answers the deferred request @id. Takes @reply over; drops it where the connection is gone. */
void http_connection_reply(HttpFloor *floor, guint64 id, HttpReply *reply);
/* Ends connections whose deadline is before @now (g_get_monotonic_time()). */
void http_connection_expire_all(HttpFloor *floor, gint64 now);
/* Ends connections that wait for no reply, and lets the others end after theirs. */
void http_connection_retire_all(HttpFloor *floor);
/* Ends every connection, wherever it stands. */
void http_connection_end_all(HttpFloor *floor);
