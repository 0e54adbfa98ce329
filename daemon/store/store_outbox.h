/* SPDX-License-Identifier: Apache-2.0
 * Notices that leave the house, written in the transaction of what they tell of, and how far each
 * got on each channel. */
#pragma once

#include "daemon/store/store.h"

typedef struct OutboxNotice {
	gint64 id;
	char *kind;
	char *recipient; /* "post:…", "staff:…", "role:…", "section:…" */
	char *about;     /* card, duty, case …; or NULL */
	char *body;      /* JSON object of the text's values */
	gint64 at;
} OutboxNotice;

void store_outbox_notice_free(OutboxNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxNotice, store_outbox_notice_free)

/* @notice->id is not read; *ret_id is the new number. */
gboolean store_outbox_add(StoreTx *tx, const OutboxNotice *notice, gint64 *ret_id,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The notice is to go out on @channel from @due on. */
gboolean store_outbox_deliver(StoreTx *tx, gint64 notice, const char *channel, gint64 due,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes a note that @stage of @subject is given; *ret_is_new FALSE when it was given before. */
gboolean store_outbox_remind(StoreTx *tx, const char *subject, const char *stage, gint64 at,
			     gboolean *ret_is_new, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A notice on its way out on one channel. */
typedef struct OutboxDelivery {
	OutboxNotice *notice;
	char *channel;
	gint64 due; /* of the next try */
	int tries;
	char *reached;   /* receivers that have it, separated by commas; NULL = none */
	char *problem;   /* of the last try, or NULL */
	gint64 ended_at; /* 0 while on its way */
	char *outcome;   /* "SENT", "FAILED", or NULL */
} OutboxDelivery;

void store_outbox_delivery_free(OutboxDelivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxDelivery, store_outbox_delivery_free)

/* Those to be tried by @now, the longest due first. Array of OutboxDelivery. */
GPtrArray *store_outbox_due(StoreTx *tx, gint64 now, int limit,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes due, tries, reached, problem, end and outcome of a delivery that has not ended;
 * *ret_is_written FALSE when it has ended meanwhile. */
gboolean store_outbox_mark(StoreTx *tx, const OutboxDelivery *delivery, gboolean *ret_is_written,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens the failed deliveries of @notice again from @due on; *ret_count of them. */
gboolean store_outbox_retry(StoreTx *tx, gint64 notice, gint64 due, int *ret_count,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum OutboxWhich {
	OUTBOX_ALL,
	OUTBOX_WAITING, /* on their way */
	OUTBOX_FAILED,  /* given up */
	_OUTBOX_WHICH_MAX,
} OutboxWhich;

/* Newest first; @before is the number the page ends above, 0 = from the newest. Array of
 * OutboxDelivery; a notice without a channel has an empty one. */
GPtrArray *store_outbox_list(StoreTx *tx, OutboxWhich which, gint64 before, int limit,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct OutboxCounts {
	gint64 waiting;
	gint64 troubled; /* waiting after a try that failed */
	gint64 failed;   /* given up */
	char *problem;   /* of the oldest troubled or failed one, or NULL */
} OutboxCounts;

/* Free @ret_counts->problem with g_free. */
gboolean store_outbox_count(StoreTx *tx, OutboxCounts *ret_counts,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether @stage of @subject was given. */
gboolean store_outbox_reminded(StoreTx *tx, const char *subject, const char *stage,
			       gboolean *ret_is_given, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stages of @subject that begin with @prefix, and the moment of the last one. */
gboolean store_outbox_reminders(StoreTx *tx, const char *subject, const char *prefix,
				gint64 *ret_count, gint64 *ret_last,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
