/* SPDX-License-Identifier: Apache-2.0
 * Accepting. Without free descriptors it pauses, since the event loop would spin otherwise. */
#include "daemon/api/http_listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/api/http_fault.h"
#include "daemon/api/http_wire.h"
#include "daemon/base/error.h"

#define ACCEPTS_AT_ONCE 32
#define PAUSE_US        100000

/* Says why, as far as the socket takes it at once, and closes. */
static void turn_away(HttpService *service, int fd)
{
	const HttpFault fault = { 503, N_("too many connections; try again shortly") };
	const HttpWire wire = { .is_1_1 = TRUE };
	g_autoptr(HttpReply) reply = http_fault_reply(&fault);
	g_autoptr(GString) out = g_string_new(NULL);

	service->floor->n_refused++;
	http_wire_format(out, reply, &wire);
	g_string_append_len(out, g_bytes_get_data(reply->body, NULL),
			    (gssize) g_bytes_get_size(reply->body));
	if (service->tls == NULL && send(fd, out->str, out->len, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		shutdown(fd, SHUT_WR);
	close(fd);
}

static void welcome(HttpService *service, int fd)
{
	g_autoptr(HttpPeer) peer = http_peer_new(fd, NULL);
	int on = 1;

	if (peer == NULL) {
		close(fd);
		return;
	}
	service->floor->n_accepted++;
	if (!http_quota_take(&service->quota, peer)) {
		turn_away(service, fd);
		return;
	}
	if (!peer->is_local)
		(void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	http_connection_new(service, fd, g_steal_pointer(&peer));
}

static void on_connection(evutil_socket_t fd, short what, void *data)
{
	const struct timeval pause = { .tv_usec = PAUSE_US };
	HttpListener *listener = data;

	if ((what & EV_TIMEOUT) != 0 && http_listener_start(listener))
		return;
	for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
		int peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (peer >= 0) {
			welcome(&listener->service, peer);
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
			   errno == ENOMEM) {
			event_del(listener->event);
			event_assign(listener->event, listener->service.floor->base, fd, 0,
				     on_connection, listener);
			event_add(listener->event, &pause);
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

HttpListener *http_listener_new(HttpFloor *floor, HttpSocket socket, guint max_per_peer)
{
	HttpListener *listener = g_new0(HttpListener, 1);

	listener->socket = socket;
	listener->service.floor = floor;
	http_quota_init(&listener->service.quota, floor->options.max_connections, max_per_peer);
	listener->event = event_new(floor->base, socket.fd, 0, on_connection, listener);
	return listener;
}

gboolean http_listener_start(HttpListener *listener)
{
	return event_assign(listener->event, listener->service.floor->base, listener->socket.fd,
			    EV_READ | EV_PERSIST, on_connection, listener) == 0 &&
	       event_add(listener->event, NULL) == 0;
}

void http_listener_close(HttpListener *listener)
{
	event_del(listener->event);
	http_socket_close(&listener->socket);
}

void http_listener_free(HttpListener *listener)
{
	http_listener_close(listener);
	event_free(listener->event);
	http_quota_clear(&listener->service.quota);
	g_free(listener);
}
