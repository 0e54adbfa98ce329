/* SPDX-License-Identifier: Apache-2.0
 * The HTTP/1.1 server: one thread with an event loop; requests leave it whole, replies come back
 * from any thread. Only http.c and its http_*.c siblings know libevent. */
#pragma once

#include "daemon/api/http_reply.h"
#include "daemon/api/http_request.h"
#include "daemon/api/http_tls.h"

typedef enum HttpVerdict {
	HTTP_REPLIED,  /* *ret_reply is set */
	HTTP_DEFERRED, /* http_server_reply() is called exactly once, now or later, by any thread */
	_HTTP_VERDICT_MAX,
} HttpVerdict;

/* Called on the http thread: must not block, not even for a lock that is held over a disk write.
 * Takes @request over. */
typedef HttpVerdict (*HttpHandler)(HttpRequest *request, HttpReply **ret_reply, gpointer data);

/* The largest body in bytes for @request, whose head is read but whose body is not; on the http
 * thread. */
typedef gsize (*HttpBodyLimit)(const HttpRequest *request, gpointer data);

/* A zero takes the default in brackets. Times in milliseconds. */
typedef struct HttpOptions {
	guint max_connections;    /* of one listener [512] */
	guint max_per_uid;        /* of one local user [64] */
	guint max_per_address;    /* of one address (IPv6: of one /64 network) [64] */
	gsize max_header;         /* request line and headers in bytes [16 KiB] */
	gsize max_body;           /* [64 KiB] */
	gsize max_bodies;         /* all bodies over 64 KiB being received together [64 MiB] */
	HttpBodyLimit body_limit; /* overrides max_body [NULL] */
	gpointer body_limit_data;
	guint header_ms; /* first to last byte of the head; a new connection's silence [10 s] */
	guint body_ms;   /* first to last byte of the body [60 s] */
	guint idle_ms;   /* between two requests [60 s] */
	guint write_ms;  /* a reply that makes no progress [30 s] */
	guint stop_ms;   /* what http_server_stop() waits for replies [10 s] */
} HttpOptions;

typedef struct HttpStatistics {
	guint connections, deferred; /* now; deferred: waiting for http_server_reply() */
	guint64 accepted, refused;   /* connections since the start; refused: over a limit */
	guint64 strangers;           /* TLS handshakes that were refused */
	guint64 requests;            /* handed to a handler */
	guint64 bad; /* answered 4xx or 5xx, or dropped, before any handler saw them */
} HttpStatistics;

/* @handler serves the unix sockets. ERROR_INTERNAL if the kernel gives no event loop. */
HttpServer *http_server_new(const HttpOptions *options, HttpHandler handler, gpointer data,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The listen calls come before http_server_start(). A socket of that address which systemd passed
 * (LISTEN_FDS) is used; otherwise one is made.
 * At @path a socket on which nobody answers is replaced; ERROR_EXISTS if somebody does, or if
 * something else than a socket is there. Sets the umask for a moment: no other thread may be
 * creating files. */
gboolean http_server_listen_unix(HttpServer *server, const char *path, mode_t mode,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @address is numeric: "127.0.0.1:8889" or "[::1]:8889".
 * Port 0 takes a free one, see http_server_port(). */
gboolean http_server_listen_tcp(HttpServer *server, const char *address, HttpHandler handler,
				gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with TLS, for the server's own handler; @tls is borrowed and outlives the server. */
gboolean http_server_listen_tls(HttpServer *server, const char *address, HttpTls *tls,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Port of the last TCP listener, 0 without one. */
guint16 http_server_port(const HttpServer *server);

gboolean http_server_start(HttpServer *server, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Any thread, also from inside a handler. Takes @reply over. A connection that is gone, or an id
 * answered before, drops it quietly. */
void http_server_reply(HttpServer *server, guint64 id, HttpReply *reply);
/* Closes the listeners and idle connections, waits for deferred replies to come and to be sent (at
 * most stop_ms), joins the thread. Not from a handler. A second call does nothing. */
void http_server_stop(HttpServer *server);
/* Any thread. */
void http_server_statistics(HttpServer *server, HttpStatistics *ret_statistics);
/* Stops first. No thread may call http_server_reply() any more. */
void http_server_free(HttpServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpServer, http_server_free)
