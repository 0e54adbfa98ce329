/* SPDX-License-Identifier: Apache-2.0
 * The thread of the event loop and the way into it: a queue of replies and an eventfd. Everything
 * else of libevent is touched by that thread alone, so that no lock of libevent is needed. */
#include "daemon/api/http.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/api/http_listener.h"
#include "daemon/base/error.h"

#define SWEEP_MIN_MS 10
#define SWEEP_MAX_MS 1000

typedef struct Answer {
	guint64 id;
	HttpReply *reply;
} Answer;

struct HttpServer {
	HttpFloor floor;
	HttpHandler handler;
	gpointer data;
	GPtrArray *listeners;
	GThread *thread;
	int wake_fd;
	struct event *wake, *sweep, *limit;
	guint16 port;
	pthread_mutex_t lock; /* guards the two below; not a GMutex, which no race detector sees */
	GArray *answers;
	gboolean is_stop_wanted;
};

static guint or_default(guint value, guint preset)
{
	return value != 0 ? value : preset;
}

static HttpOptions complete(const HttpOptions *given)
{
	HttpOptions options = *given;

	options.max_connections = or_default(given->max_connections, 512);
	options.max_per_uid = or_default(given->max_per_uid, 64);
	options.max_per_address = or_default(given->max_per_address, 64);
	options.max_header = given->max_header != 0 ? given->max_header : 16 * 1024;
	options.max_body = given->max_body != 0 ? given->max_body : 64 * 1024;
	options.max_bodies = given->max_bodies != 0 ? given->max_bodies : 64 * 1024 * 1024;
	options.header_ms = or_default(given->header_ms, 10 * 1000);
	options.body_ms = or_default(given->body_ms, 60 * 1000);
	options.idle_ms = or_default(given->idle_ms, 60 * 1000);
	options.write_ms = or_default(given->write_ms, 30 * 1000);
	options.stop_ms = or_default(given->stop_ms, 10 * 1000);
	return options;
}

static struct timeval interval(guint milliseconds)
{
	return (struct timeval){ .tv_sec = milliseconds / 1000,
				 .tv_usec = (milliseconds % 1000) * 1000 };
}

/* A quarter of the shortest deadline, so that none is missed by much. */
static struct timeval sweep_interval(const HttpOptions *options)
{
	guint shortest = MIN(MIN(options->header_ms, options->body_ms),
			     MIN(options->idle_ms, options->write_ms));

	return interval(CLAMP(shortest / 4, SWEEP_MIN_MS, SWEEP_MAX_MS));
}

static void on_sweep(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
	HttpServer *server = data;

	http_connection_expire_all(&server->floor, g_get_monotonic_time());
}

static void on_limit(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
	HttpServer *server = data;

	event_base_loopbreak(server->floor.base);
}

static void begin_stop(HttpServer *server)
{
	const struct timeval limit = interval(server->floor.options.stop_ms);

	server->floor.is_stopping = TRUE;
	for (guint i = 0; i < server->listeners->len; i++)
		http_listener_close(g_ptr_array_index(server->listeners, i));
	event_add(server->limit, &limit);
	http_connection_retire_all(&server->floor);
	if (server->floor.connections.length == 0)
		event_base_loopbreak(server->floor.base);
}

static void on_wake(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
	HttpServer *server = data;
	g_autoptr(GArray) answers = NULL;
	eventfd_t count;
	gboolean is_stop_wanted;

	(void) eventfd_read(fd, &count);
	pthread_mutex_lock(&server->lock);
	answers = server->answers;
	server->answers = g_array_new(FALSE, FALSE, sizeof(Answer));
	is_stop_wanted = server->is_stop_wanted;
	pthread_mutex_unlock(&server->lock);
	for (guint i = 0; i < answers->len; i++) {
		const Answer *answer = &g_array_index(answers, Answer, i);

		http_connection_reply(&server->floor, answer->id, answer->reply);
	}
	if (is_stop_wanted && !server->floor.is_stopping)
		begin_stop(server);
}

static gboolean make_events(HttpServer *server)
{
	HttpFloor *floor = &server->floor;

	floor->base = event_base_new();
	server->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (floor->base == NULL || server->wake_fd < 0)
		return FALSE;
	server->wake =
		event_new(floor->base, server->wake_fd, EV_READ | EV_PERSIST, on_wake, server);
	server->sweep = event_new(floor->base, -1, EV_PERSIST, on_sweep, server);
	server->limit = event_new(floor->base, -1, 0, on_limit, server);
	return server->wake != NULL && server->sweep != NULL && server->limit != NULL;
}

HttpServer *http_server_new(const HttpOptions *options, HttpHandler handler, gpointer data,
			    GError **error)
{
	g_autoptr(HttpServer) server = g_new0(HttpServer, 1);

	server->floor.server = server;
	server->floor.options = complete(options);
	server->floor.deferred = g_hash_table_new(g_int64_hash, g_int64_equal);
	g_queue_init(&server->floor.connections);
	server->handler = handler;
	server->data = data;
	server->listeners = g_ptr_array_new_with_free_func((GDestroyNotify) http_listener_free);
	server->answers = g_array_new(FALSE, FALSE, sizeof(Answer));
	pthread_mutex_init(&server->lock, NULL);
	if (!make_events(server)) {
		error_set(error, ERROR_INTERNAL, N_("cannot make an event loop: %s"),
			  strerrordesc_np(errno));
		return NULL;
	}
	return g_steal_pointer(&server);
}

gboolean http_server_listen_unix(HttpServer *server, const char *path, mode_t mode, GError **error)
{
	HttpSocket socket;
	HttpListener *listener;

	if (!http_socket_unix(path, mode, &socket, error))
		return FALSE;
	listener = http_listener_new(&server->floor, socket, server->floor.options.max_per_uid);
	listener->service.handler = server->handler;
	listener->service.data = server->data;
	g_ptr_array_add(server->listeners, listener);
	return TRUE;
}

gboolean http_server_listen_tcp(HttpServer *server, const char *address, HttpHandler handler,
				gpointer data, GError **error)
{
	HttpSocket socket;
	HttpListener *listener;

	if (!http_socket_tcp(address, &socket, error))
		return FALSE;
	listener = http_listener_new(&server->floor, socket, server->floor.options.max_per_address);
	listener->service.handler = handler;
	listener->service.data = data;
	server->port = socket.port;
	g_ptr_array_add(server->listeners, listener);
	return TRUE;
}

gboolean http_server_listen_tls(HttpServer *server, const char *address, HttpTls *tls,
				GError **error)
{
	HttpListener *listener;

	if (!http_server_listen_tcp(server, address, server->handler, server->data, error))
		return FALSE;
	listener = g_ptr_array_index(server->listeners, server->listeners->len - 1);
	listener->service.tls = tls;
	return TRUE;
}

guint16 http_server_port(const HttpServer *server)
{
	return server->port;
}

static gpointer run(gpointer data)
{
	HttpServer *server = data;

	event_base_loop(server->floor.base, EVLOOP_NO_EXIT_ON_EMPTY);
	return NULL;
}

/* Signals belong to the main thread. */
static GThread *start_thread(HttpServer *server, GError **error)
{
	sigset_t all, before;
	GThread *thread;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	thread = g_thread_try_new("http", run, server, error);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return thread;
}

gboolean http_server_start(HttpServer *server, GError **error)
{
	const struct timeval sweep = sweep_interval(&server->floor.options);
	gboolean is_ready =
		event_add(server->wake, NULL) == 0 && event_add(server->sweep, &sweep) == 0;

	for (guint i = 0; is_ready && i < server->listeners->len; i++)
		is_ready = http_listener_start(g_ptr_array_index(server->listeners, i));
	if (!is_ready)
		return error_set(error, ERROR_INTERNAL, N_("cannot start the event loop"));
	server->thread = start_thread(server, error);
	return server->thread != NULL;
}

static void wake(HttpServer *server)
{
	/* Fails only where the counter is full, and then the thread is awake anyway. */
	(void) eventfd_write(server->wake_fd, 1);
}

void http_server_reply(HttpServer *server, guint64 id, HttpReply *reply)
{
	const Answer answer = { id, reply };
	gboolean is_first;

	pthread_mutex_lock(&server->lock);
	is_first = server->answers->len == 0;
	g_array_append_val(server->answers, answer);
	pthread_mutex_unlock(&server->lock);
	if (is_first)
		wake(server);
}

void http_server_stop(HttpServer *server)
{
	if (server->thread == NULL)
		return;
	pthread_mutex_lock(&server->lock);
	server->is_stop_wanted = TRUE;
	pthread_mutex_unlock(&server->lock);
	wake(server);
	g_thread_join(g_steal_pointer(&server->thread));
	http_connection_end_all(&server->floor);
}

void http_server_statistics(HttpServer *server, HttpStatistics *ret_statistics)
{
	const HttpFloor *floor = &server->floor;

	*ret_statistics = (HttpStatistics){
		.connections = floor->n_connections,
		.deferred = floor->n_deferred,
		.accepted = floor->n_accepted,
		.refused = floor->n_refused,
		.strangers = floor->n_strangers,
		.requests = floor->n_requests,
		.bad = floor->n_bad,
	};
}

static void free_events(HttpServer *server)
{
	g_clear_pointer(&server->wake, event_free);
	g_clear_pointer(&server->sweep, event_free);
	g_clear_pointer(&server->limit, event_free);
	g_clear_pointer(&server->floor.base, event_base_free);
	if (server->wake_fd >= 0)
		close(server->wake_fd);
}

void http_server_free(HttpServer *server)
{
	if (server == NULL)
		return;
	http_server_stop(server);
	g_ptr_array_unref(server->listeners);
	for (guint i = 0; i < server->answers->len; i++)
		http_reply_free(g_array_index(server->answers, Answer, i).reply);
	g_array_unref(server->answers);
	g_hash_table_unref(server->floor.deferred);
	free_events(server);
	pthread_mutex_destroy(&server->lock);
	g_free(server);
}
