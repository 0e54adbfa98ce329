/* SPDX-License-Identifier: Apache-2.0
 * What is remembered of requests: answers by Idempotency-Key, and changes that wait for a second
 * person (confirm). */
#pragma once

#include "daemon/store/store.h"

typedef struct StoredAnswer {
	GBytes *fingerprint; /* of method, path and body without secret fields */
	int status;
	char *body;
} StoredAnswer;

typedef struct Confirmation {
	char *id; /* N-0001 */
	char *event;
	char *card; /* or NULL */
	char *body; /* JSON of the request */
	char *by;   /* staff number of the first person */
	gint64 at;
	gint64 expires; /* CONFIRMATION_NEVER: it waits until somebody confirms */
} Confirmation;

#define CONFIRMATION_NEVER G_MAXINT64

void store_request_answer_free(StoredAnswer *answer);
void store_request_confirmation_free(Confirmation *confirmation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoredAnswer, store_request_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Confirmation, store_request_confirmation_free)

/* *ret_answer is NULL when the key is new. */
gboolean store_request_find(StoreTx *tx, const char *principal, const char *key,
			    StoredAnswer **ret_answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_request_keep(StoreTx *tx, const char *principal, const char *key,
			    const StoredAnswer *answer, gint64 now,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets answers older than @before. */
gboolean store_request_forget(StoreTx *tx, gint64 before, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean store_request_ask(StoreTx *tx, const Confirmation *confirmation,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An open one; ERROR_NOT_FOUND when it does not exist, is done or has expired at @now. */
Confirmation *store_request_confirmation(StoreTx *tx, const char *id, gint64 now,
					 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_request_confirmed(StoreTx *tx, const char *id, gint64 now,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_request_open(StoreTx *tx, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
