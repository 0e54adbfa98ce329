/* SPDX-License-Identifier: Apache-2.0
 * A server with routes that show what a client cannot see otherwise, run by test_http*.py:
 * http-test-server SOCKET [option=value…] prints its public port and ends on SIGTERM. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/api/http.h"
#include "daemon/api/json.h"
#include "daemon/api/problem.h"
#include "daemon/api/reply.h"

#define WORKERS 4

typedef struct Bench {
	HttpServer *server;
	pthread_mutex_t lock; /* GLib's locks are invisible to the race detector */
	pthread_cond_t has_work;
	GQueue work;  /* of HttpRequest; NULL ends a worker */
	GArray *held; /* ids that /release answers */
} Bench;

typedef struct OptionRow {
	const char *name;
	gsize offset;
	gboolean is_size;
} OptionRow;

/* clang-format off */
static const OptionRow option_rows[] = {
	{ "max-connections", offsetof(HttpOptions, max_connections), FALSE },
	{ "max-per-uid",     offsetof(HttpOptions, max_per_uid),     FALSE },
	{ "max-per-address", offsetof(HttpOptions, max_per_address), FALSE },
	{ "max-bodies",      offsetof(HttpOptions, max_bodies),      TRUE },
	{ "header-ms",       offsetof(HttpOptions, header_ms),       FALSE },
	{ "body-ms",         offsetof(HttpOptions, body_ms),         FALSE },
	{ "idle-ms",         offsetof(HttpOptions, idle_ms),         FALSE },
	{ "write-ms",        offsetof(HttpOptions, write_ms),        FALSE },
	{ "stop-ms",         offsetof(HttpOptions, stop_ms),         FALSE },
};
/* clang-format on */

static json_t *describe(const HttpRequest *request)
{
	const HttpPeer *peer = request->peer;
	g_autofree char *sum = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, request->body != NULL ? request->body : (guchar *) "",
		request->body_length);
	json_t *query = request->query != NULL ? json_object() : json_null();
	json_t *groups = json_array();
	GHashTableIter iter;
	gpointer key, value;

	if (request->query != NULL) {
		g_hash_table_iter_init(&iter, request->query);
		while (g_hash_table_iter_next(&iter, &key, &value))
			json_object_set_new(query, key, json_text(value));
	}
	for (gsize i = 0; i < peer->n_groups; i++)
		json_array_append_new(groups, json_integer(peer->groups[i]));
	return json_pack(
		"{s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:b, s:I, s:I, s:I, s:o, s:o}", "method",
		http_request_method_name(request->method), "path", json_text(request->path),
		"query", query, "length", (json_int_t) request->body_length, "sha256",
		json_text(sum), "key", json_text(request->idempotency_key), "type",
		json_text(request->content_type), "local", peer->is_local, "uid",
		(json_int_t) peer->uid, "gid", (json_int_t) peer->gid, "pid",
		(json_int_t) peer->pid, "groups", groups, "address", json_text(peer->address));
}

static json_t *statistics(Bench *bench)
{
	HttpStatistics now;

	http_server_statistics(bench->server, &now);
	return json_pack("{s:i, s:i, s:I, s:I, s:I, s:I}", "connections", (int) now.connections,
			 "deferred", (int) now.deferred, "accepted", (json_int_t) now.accepted,
			 "refused", (json_int_t) now.refused, "requests", (json_int_t) now.requests,
			 "bad", (json_int_t) now.bad);
}

static HttpReply *bytes_of(gsize n)
{
	char *bytes = g_malloc(n);

	memset(bytes, 'x', n);
	return reply_bytes(200, "application/octet-stream", g_bytes_new_take(bytes, n));
}

static void release(Bench *bench)
{
	g_autoptr(GArray) held = NULL;

	pthread_mutex_lock(&bench->lock);
	held = bench->held;
	bench->held = g_array_new(FALSE, FALSE, sizeof(guint64));
	pthread_mutex_unlock(&bench->lock);
	for (guint i = held->len; i > 0; i--)
		http_server_reply(bench->server, g_array_index(held, guint64, i - 1),
				  reply_text(200, "text/plain", "released"));
}

static void hold(Bench *bench, guint64 id)
{
	pthread_mutex_lock(&bench->lock);
	g_array_append_val(bench->held, id);
	pthread_mutex_unlock(&bench->lock);
}

static void push(Bench *bench, HttpRequest *request)
{
	pthread_mutex_lock(&bench->lock);
	g_queue_push_tail(&bench->work, request);
	pthread_cond_signal(&bench->has_work);
	pthread_mutex_unlock(&bench->lock);
}

static HttpRequest *pop(Bench *bench)
{
	HttpRequest *request;

	pthread_mutex_lock(&bench->lock);
	while (bench->work.length == 0)
		pthread_cond_wait(&bench->has_work, &bench->lock);
	request = g_queue_pop_head(&bench->work);
	pthread_mutex_unlock(&bench->lock);
	return request;
}

/* Reads the body as JSON and forgets it. */
static HttpReply *read_json(const HttpRequest *request)
{
	g_autoptr(GError) error = NULL;
	json_t *object = json_load(request->body, request->body_length, &error);

	json_decref(object);
	return object != NULL ? reply_empty() : problem_reply(error, NULL);
}

static HttpReply *answer(Bench *bench, const HttpRequest *request)
{
	const char *n = http_request_query(request, "n");

	if (strcmp(request->path, "/fast") == 0 || strcmp(request->path, "/large") == 0)
		return bytes_of(n != NULL ? strtoul(n, NULL, 10) : 200);
	if (strcmp(request->path, "/statistics") == 0)
		return reply_json(200, statistics(bench));
	if (strcmp(request->path, "/empty") == 0)
		return reply_empty();
	if (strcmp(request->path, "/tagged") == 0 && reply_is_match(request->if_none_match, "v1"))
		return reply_not_modified("v1");
	if (strcmp(request->path, "/not-allowed") == 0)
		return reply_not_allowed("GET, POST");
	if (strcmp(request->path, "/json") == 0)
		return read_json(request);
	if (strcmp(request->path, "/none") == 0)
		return NULL;
	return reply_json(200, describe(request));
}

static HttpVerdict handle(HttpRequest *request, HttpReply **ret_reply, gpointer data)
{
	g_autoptr(HttpRequest) owned = request;
	Bench *bench = data;

	if (strcmp(request->path, "/later") == 0) {
		push(bench, g_steal_pointer(&owned));
		return HTTP_DEFERRED;
	}
	if (strcmp(request->path, "/hold") == 0) {
		hold(bench, request->id);
		return HTTP_DEFERRED;
	}
	if (strcmp(request->path, "/release") == 0)
		release(bench);
	*ret_reply = answer(bench, request);
	return HTTP_REPLIED;
}

/* Replies twice: the second must be dropped. */
static gpointer work(gpointer data)
{
	Bench *bench = data;

	for (;;) {
		g_autoptr(HttpRequest) request = pop(bench);

		if (request == NULL)
			return NULL;
		g_usleep((gulong) g_random_int_range(0, 3000));
		http_server_reply(bench->server, request->id, reply_json(200, describe(request)));
		http_server_reply(bench->server, request->id, reply_empty());
	}
}

static gsize body_limit(const HttpRequest *request, gpointer data G_GNUC_UNUSED)
{
	return strcmp(request->path, "/import") == 0 ? 8 * 1024 * 1024 : 64 * 1024;
}

static gboolean read_option(HttpOptions *options, const char *argument)
{
	for (gsize i = 0; i < G_N_ELEMENTS(option_rows); i++) {
		const OptionRow *row = &option_rows[i];
		gsize length = strlen(row->name);
		char *place = (char *) options + row->offset;

		if (strncmp(argument, row->name, length) != 0 || argument[length] != '=')
			continue;
		if (row->is_size)
			*(gsize *) place = strtoul(argument + length + 1, NULL, 10);
		else
			*(guint *) place = (guint) strtoul(argument + length + 1, NULL, 10);
		return TRUE;
	}
	return FALSE;
}

/* Before any thread starts and before the port is told. */
static void hold_back_end(sigset_t *ret_set)
{
	sigemptyset(ret_set);
	sigaddset(ret_set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, ret_set, NULL);
}

static gboolean start(Bench *bench, const HttpOptions *options, const char *path, GError **error)
{
	bench->server = http_server_new(options, handle, bench, error);
	return bench->server != NULL && http_server_listen_unix(bench->server, path, 0666, error) &&
	       http_server_listen_tcp(bench->server, "127.0.0.1:0", handle, bench, error) &&
	       http_server_start(bench->server, error);
}

static void stop(Bench *bench, GThread **workers)
{
	http_server_stop(bench->server);
	for (int i = 0; i < WORKERS; i++)
		push(bench, NULL);
	for (int i = 0; i < WORKERS; i++)
		g_thread_join(workers[i]);
	http_server_free(bench->server);
	g_array_unref(bench->held);
}

int main(int argc, char **argv)
{
	HttpOptions options = { .body_limit = body_limit };
	Bench bench = { .lock = PTHREAD_MUTEX_INITIALIZER,
			.has_work = PTHREAD_COND_INITIALIZER,
			.work = G_QUEUE_INIT };
	GThread *workers[WORKERS];
	g_autoptr(GError) error = NULL;
	sigset_t end;
	int number;

	hold_back_end(&end);
	json_memory_init();
	for (int i = 2; i < argc; i++)
		if (!read_option(&options, argv[i]))
			return 2;
	bench.held = g_array_new(FALSE, FALSE, sizeof(guint64));
	if (argc < 2 || !start(&bench, &options, argv[1], &error)) {
		fprintf(stderr, "%s\n", error != NULL ? error->message : "usage");
		http_server_free(bench.server);
		g_array_unref(bench.held);
		return 1;
	}
	for (int i = 0; i < WORKERS; i++)
		workers[i] = g_thread_new("worker", work, &bench);
	printf("%u\n", http_server_port(bench.server));
	fflush(stdout);
	sigwait(&end, &number);
	stop(&bench, workers);
	return 0;
}
