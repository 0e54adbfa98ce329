/* SPDX-License-Identifier: Apache-2.0
 * The thread that wakes when a delta was made or somebody's time is over. It looks at the number
 * itself, so a wake-up can come early, late or twice. */
#include "daemon/api/push.h"

#include "daemon/api/reply.h"
#include "daemon/base/error.h"

#define LIST_TYPE "application/pkix-crl"

typedef struct Waiter {
	guint64 id; /* of the request */
	guint64 after;
	gint64 until; /* monotonic, microseconds */
} Waiter;

struct Push {
	HttpServer *server;
	Publisher *publisher;
	GThread *thread;
	GMutex mutex; /* guards what follows */
	GCond changed;
	GArray *waiters;
	gboolean is_stopping;
};

static HttpReply *too_many(void)
{
	HttpReply *reply = reply_text(503, "text/plain", "too many wait; ask without wait\n");

	http_reply_add_header(reply, "Retry-After", "1");
	http_reply_add_header(reply, "Cache-Control", "no-store");
	return reply;
}

static HttpReply *nothing_newer(void)
{
	HttpReply *reply = reply_empty();

	http_reply_add_header(reply, "Cache-Control", "no-store");
	return reply;
}

/* A second of keeping lets a proxy serve a whole office with one request of ours. */
static HttpReply *with_tag(HttpReply *reply, guint64 number)
{
	g_autofree char *tag = g_strdup_printf("\"%" G_GUINT64_FORMAT "\"", number);

	http_reply_add_header(reply, "ETag", tag);
	http_reply_add_header(reply, "Cache-Control", "max-age=1, public, must-revalidate");
	return reply;
}

static HttpReply *delta_reply(GBytes *delta, guint64 number)
{
	return with_tag(reply_bytes(200, LIST_TYPE, g_bytes_ref(delta)), number);
}

/* Whoever need not wait any longer leaves the list; their ids and what they are told. */
static GArray *take_ready(Push *push, guint64 number, gint64 now)
{
	GArray *ready = g_array_new(FALSE, FALSE, sizeof(Waiter));

	for (guint i = push->waiters->len; i > 0; i--) {
		const Waiter *waiter = &g_array_index(push->waiters, Waiter, i - 1);

		if (number <= waiter->after && now < waiter->until && !push->is_stopping)
			continue;
		g_array_append_val(ready, *waiter);
		g_array_remove_index_fast(push->waiters, i - 1);
	}
	return ready;
}

static void answer(Push *push, const GArray *ready, GBytes *delta, guint64 number)
{
	for (guint i = 0; i < ready->len; i++) {
		const Waiter *waiter = &g_array_index(ready, Waiter, i);

		http_server_reply(push->server, waiter->id,
				  delta != NULL && number > waiter->after
					  ? delta_reply(delta, number)
					  : nothing_newer());
	}
}

/* With the mutex held. */
static void sleep_until_needed(Push *push)
{
	gint64 until = g_get_monotonic_time() + PUSH_SECONDS_MAX * G_USEC_PER_SEC;

	for (guint i = 0; i < push->waiters->len; i++)
		until = MIN(until, g_array_index(push->waiters, Waiter, i).until);
	g_cond_wait_until(&push->changed, &push->mutex, until);
}

static gpointer loop(gpointer data)
{
	Push *push = data;

	g_mutex_lock(&push->mutex);
	while (!push->is_stopping || push->waiters->len > 0) {
		guint64 number;
		g_autoptr(GBytes) delta = publish_delta(push->publisher, &number);
		g_autoptr(GArray) ready = take_ready(push, number, g_get_monotonic_time());

		if (ready->len == 0) {
			sleep_until_needed(push);
			continue;
		}
		g_mutex_unlock(&push->mutex);
		answer(push, ready, delta, number);
		g_mutex_lock(&push->mutex);
	}
	g_mutex_unlock(&push->mutex);
	return NULL;
}

static void wake(gpointer data)
{
	Push *push = data;

	g_mutex_lock(&push->mutex);
	g_cond_signal(&push->changed);
	g_mutex_unlock(&push->mutex);
}

Push *push_new(HttpServer *server, Publisher *publisher, GError **error)
{
	Push *push = g_new0(Push, 1);

	push->server = server;
	push->publisher = publisher;
	g_mutex_init(&push->mutex);
	g_cond_init(&push->changed);
	push->waiters = g_array_new(FALSE, FALSE, sizeof(Waiter));
	push->thread = g_thread_try_new("push", loop, push, error);
	if (push->thread == NULL) {
		push_free(push);
		return NULL;
	}
	publish_set_hook(publisher, wake, push);
	return push;
}

void push_stop(Push *push)
{
	if (push == NULL || push->thread == NULL)
		return;
	g_mutex_lock(&push->mutex);
	push->is_stopping = TRUE;
	g_cond_signal(&push->changed);
	g_mutex_unlock(&push->mutex);
	g_thread_join(g_steal_pointer(&push->thread));
}

void push_free(Push *push)
{
	if (push == NULL)
		return;
	push_stop(push);
	publish_set_hook(push->publisher, NULL, NULL);
	g_array_unref(push->waiters);
	g_mutex_clear(&push->mutex);
	g_cond_clear(&push->changed);
	g_free(push);
}

/* An absent parameter leaves @ret_value alone. */
static gboolean read_number(const HttpRequest *request, const char *key, guint64 max,
			    guint64 *ret_value)
{
	const char *text = http_request_query(request, key);

	return text == NULL || g_ascii_string_to_unsigned(text, 10, 0, max, ret_value, NULL);
}

static gboolean read_query(const HttpRequest *request, guint64 *ret_after, guint64 *ret_wait)
{
	guint known = (http_request_query(request, "after") != NULL) +
		      (http_request_query(request, "wait") != NULL);

	return read_number(request, "after", G_MAXINT64, ret_after) &&
	       read_number(request, "wait", PUSH_SECONDS_MAX, ret_wait) &&
	       (request->query == NULL || g_hash_table_size(request->query) == known);
}

static gboolean add_waiter(Push *push, guint64 id, guint64 after, guint64 seconds)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&push->mutex);
	const Waiter waiter = {
		.id = id,
		.after = after,
		.until = g_get_monotonic_time() + (gint64) seconds * G_USEC_PER_SEC,
	};

	if (push->waiters->len >= PUSH_WAITERS_MAX || push->is_stopping)
		return FALSE;
	g_array_append_val(push->waiters, waiter);
	g_cond_signal(&push->changed);
	return TRUE;
}

HttpVerdict push_get(Push *push, const HttpRequest *request, HttpReply **ret_reply)
{
	guint64 after = 0, seconds = 0, number;
	g_autoptr(GBytes) delta = publish_delta(push->publisher, &number);
	g_autofree char *tag = g_strdup_printf("%" G_GUINT64_FORMAT, number);

	if (!read_query(request, &after, &seconds))
		*ret_reply = reply_text(400, "text/plain",
					"after=NUMBER and wait=SECONDS, at most 30\n");
	else if (delta != NULL && reply_is_match(request->if_none_match, tag) && seconds == 0)
		*ret_reply = with_tag(http_reply_new(304, NULL, NULL), number);
	else if (delta != NULL && number > after)
		*ret_reply = delta_reply(delta, number);
	else if (seconds > 0 && add_waiter(push, request->id, after, seconds))
		return HTTP_DEFERRED;
	else if (seconds > 0)
		*ret_reply = too_many();
	else if (delta == NULL)
		*ret_reply = reply_text(404, "text/plain", "no delta yet\n");
	else
		*ret_reply = nothing_newer();
	return HTTP_REPLIED;
}
