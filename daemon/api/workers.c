/* SPDX-License-Identifier: Apache-2.0
 * Threads behind the http thread. */
#include "daemon/api/workers.h"

#include <openssl/crypto.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/api/problem.h"
#include "daemon/api/reply.h"
#include "daemon/api/route.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/base/log.h"
#include "daemon/op/view_card.h"

#define POOL_THREADS    8
#define WAITING_THREADS 32
#define PRINT_THREADS   2
#define JOBS_KEPT       512

struct Workers {
	Api *api;
	GThreadPool *pool;
	GThreadPool *waiting;
	GThreadPool *cards;
	GThreadPool *prints;
	GMutex mutex; /* guards what follows */
	GHashTable *jobs;
	GQueue order; /* ids in `jobs`, oldest first */
};

typedef struct Job {
	Api *api;
	Steps *steps;
	Actor *actor;
	char *card;
	const JobOrder *order;
	gpointer request;
	gboolean is_dry_run;
} Job;

static void handle(gpointer data, gpointer user)
{
	Call *call = data;
	HttpServer *server = call->request->server;
	guint64 id = call->request->id;
	HttpReply *reply = route_answer(call);

	(void) user;
	call_free(call);
	http_server_reply(server, id, reply);
	OPENSSL_thread_stop(); /* a pool's threads may outlive OpenSSL's own clearing at exit */
}

static void job_free(Job *job)
{
	if (job->request != NULL) {
		json_clear(job->order->table, job->request);
		g_free(job->request);
	}
	op_actor_free(job->actor);
	steps_unref(job->steps);
	g_free(job->card);
	g_free(job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Job, job_free)

static json_t *result_view(Job *job, const char *number, gint64 now)
{
	g_autoptr(GError) ignored = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(job->api->house->store, &ignored);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, number, &ignored) : NULL;
	Op op = { .house = job->api->house, .now = now };

	return card != NULL ? view_card(tx, &op, card, &ignored) : NULL;
}

static gboolean run_job(Job *job, JobOutcome *outcome, GError **error)
{
	g_auto(Op) op = { 0 };

	op_init(&op, job->api->house, job->actor, clock_now());
	op.steps = job->steps;
	op.is_dry_run = job->is_dry_run;
	return job->order->run(&op, job->card, job->request, outcome, error);
}

static void work(gpointer data, gpointer user)
{
	g_autoptr(Job) job = data;
	g_autoptr(GError) error = NULL;
	JobOutcome outcome = { .tries_left = -1 };
	json_t *extra = NULL, *result = NULL;
	gboolean is_done = run_job(job, &outcome, &error);

	(void) user;
	if (!is_done) {
		log_error(job->order->kind, job->card, job->actor->id, error);
		json_decref(outcome.result);
		if (outcome.tries_left >= 0)
			extra = json_pack("{s:i}", "triesLeft", outcome.tries_left);
	} else if (outcome.result != NULL) {
		result = outcome.result;
	} else {
		result = result_view(job, outcome.card != NULL ? outcome.card : job->card,
				     clock_now());
	}
	steps_finish(job->steps, result, error, extra);
	g_free(outcome.card);
	OPENSSL_thread_stop();
}

Workers *workers_new(Api *api, guint readers)
{
	Workers *workers = g_new0(Workers, 1);

	workers->api = api;
	g_mutex_init(&workers->mutex);
	g_queue_init(&workers->order);
	workers->jobs =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify) steps_unref);
	workers->pool = g_thread_pool_new(handle, workers, POOL_THREADS, FALSE, NULL);
	workers->waiting = g_thread_pool_new(handle, workers, WAITING_THREADS, FALSE, NULL);
	workers->cards = g_thread_pool_new(work, workers, (gint) MAX(readers, 1), FALSE, NULL);
	workers->prints = g_thread_pool_new(work, workers, PRINT_THREADS, FALSE, NULL);
	api->house->print_stop = eventfd(0, EFD_CLOEXEC);
	return workers;
}

/* A printer out of paper must not keep the daemon from ending. */
static void stop_prints(Workers *workers)
{
	House *house = workers->api->house;

	if (house->print_stop > 0)
		(void) eventfd_write(house->print_stop, 1);
	g_thread_pool_free(workers->prints, TRUE, TRUE);
	if (house->print_stop > 0)
		(void) close(house->print_stop);
	house->print_stop = 0;
}

void workers_free(Workers *workers)
{
	if (workers == NULL)
		return;
	stop_prints(workers);
	g_thread_pool_free(workers->pool, FALSE, TRUE);
	g_thread_pool_free(workers->cards, FALSE, TRUE);
	g_thread_pool_free(workers->waiting, FALSE, TRUE);
	g_hash_table_unref(workers->jobs);
	g_queue_clear_full(&workers->order, g_free);
	g_mutex_clear(&workers->mutex);
	g_free(workers);
}

void workers_push(Workers *workers, Call *call, gboolean is_waiting)
{
	g_thread_pool_push(is_waiting ? workers->waiting : workers->pool, call, NULL);
}

guint workers_queue(Workers *workers, WorkersQueue queue)
{
	GThreadPool *const pools[_WORKERS_QUEUE_MAX] = {
		[WORKERS_QUEUE_REQUESTS] = workers->pool,
		[WORKERS_QUEUE_WAITING] = workers->waiting,
		[WORKERS_QUEUE_CARDS] = workers->cards,
	};

	return g_thread_pool_unprocessed(pools[queue]);
}

/* The oldest finished jobs are forgotten; their intents stay in the store. */
static void remember(Workers *workers, Steps *steps)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&workers->mutex);
	char *id = g_strdup(steps_id(steps));

	g_queue_push_tail(&workers->order, id);
	g_hash_table_insert(workers->jobs, id, steps_ref(steps));
	while (g_queue_get_length(&workers->order) > JOBS_KEPT) {
		char *oldest = g_queue_peek_head(&workers->order);
		Steps *first = g_hash_table_lookup(workers->jobs, oldest);

		if (!steps_is_final(first))
			return;
		g_hash_table_remove(workers->jobs, oldest);
		g_free(g_queue_pop_head(&workers->order));
	}
}

Steps *workers_job(Workers *workers, const char *id)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&workers->mutex);
	Steps *steps = g_hash_table_lookup(workers->jobs, id);

	return steps != NULL ? steps_ref(steps) : NULL;
}

HttpReply *workers_start(Call *call, const char *card, const JobOrder *order, GError **error)
{
	g_autoptr(Job) job = g_new0(Job, 1);
	g_autofree char *id = op_job_id(call->api->house, call->op.now, error);
	g_autofree char *location = NULL;
	JobOutcome outcome = { .tries_left = -1 };

	if (id == NULL)
		return NULL;
	job->api = call->api;
	job->steps = steps_new(id, order->kind, card);
	steps_set_owner(job->steps, call->actor->id);
	job->card = g_strdup(card);
	job->order = order;
	job->is_dry_run = call->op.is_dry_run;
	job->request = g_malloc0(order->table->size);
	if (!json_read(call->body, order->table, job->request, error))
		return NULL;
	job->actor = g_steal_pointer(&call->actor);
	call->op.actor = NULL;
	if (job->is_dry_run) {
		gboolean is_allowed = run_job(job, &outcome, error);

		g_free(outcome.card);
		json_decref(outcome.result);
		return is_allowed
			       ? call_would(N_("everything needed is there; nothing was changed"))
			       : NULL;
	}
	location = g_strdup_printf("/api/v1/jobs/%s", id);
	remember(call->api->workers, job->steps);
	g_thread_pool_push(order->is_print ? call->api->workers->prints : call->api->workers->cards,
			   g_steal_pointer(&job), NULL);
	return reply_accepted(location, json_pack("{s:s, s:s}", "job", id, "card", card));
}
