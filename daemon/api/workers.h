/* SPDX-License-Identifier: Apache-2.0
 * Threads behind the http thread: a small pool for requests, one for those who wait for a job, and
 * one thread per reader for card work. Also remembers the jobs of this run. */
#pragma once

#include "daemon/api/call.h"

/* A job's duty: @request is what the handler read from the body. *ret_card (may stay NULL, g_free)
 * is the card shown as the result when it is another than the one asked for. */
typedef struct JobOutcome {
	char *card;
	int tries_left; /* -1: not about a PIN */
	json_t *result; /* in place of the card, or NULL; taken over */
} JobOutcome;
typedef gboolean (*JobRun)(Op *op, const char *card, gpointer request, JobOutcome *outcome,
			   GError **error);

typedef struct JobOrder {
	const char *kind;
	JobRun run;
	const JsonTable *table; /* reads the body into a struct that @run gets */
	gboolean is_print;      /* needs no reader: one after another in a thread of their own */
} JobOrder;

Workers *workers_new(Api *api, guint readers);
/* Waits for what is running. */
void workers_free(Workers *workers);

/* Handles @call on the small pool, or on the waiting pool. Takes it over. */
void workers_push(Workers *workers, Call *call, gboolean is_waiting);
typedef enum WorkersQueue {
	WORKERS_QUEUE_REQUESTS,
	WORKERS_QUEUE_WAITING,
	WORKERS_QUEUE_CARDS,
	_WORKERS_QUEUE_MAX,
} WorkersQueue;
/* How many wait for a thread of that pool. */
guint workers_queue(Workers *workers, WorkersQueue queue);
/* Starts a job for @card; the reply 202 names it. With dryRun it runs here and now. */
HttpReply *workers_start(Call *call, const char *card, const JobOrder *order,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A job of this run, a reference; NULL when it is not known (any more). */
Steps *workers_job(Workers *workers, const char *id);
