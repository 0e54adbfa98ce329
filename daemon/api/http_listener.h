/* SPDX-License-Identifier: Apache-2.0
 * Accepts the connections of one listening socket within its limits. On the http thread only. */
#pragma once

#include "daemon/api/http_connection.h"
#include "daemon/api/http_socket.h"

typedef struct HttpListener {
	HttpSocket socket;
	HttpService service;
	struct event *event;
} HttpListener;

/* Takes @socket's contents over. */
HttpListener *http_listener_new(HttpFloor *floor, HttpSocket socket, guint max_per_peer);
/* FALSE if the event loop does not take it. */
gboolean http_listener_start(HttpListener *listener) G_GNUC_WARN_UNUSED_RESULT;
/* Accepts no more and closes the socket; its connections live on. */
void http_listener_close(HttpListener *listener);
/* Its connections must have ended. */
void http_listener_free(HttpListener *listener);
