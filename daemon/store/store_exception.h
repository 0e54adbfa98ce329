/* SPDX-License-Identifier: Apache-2.0
 * Rows of the register of exceptions (N81). */
#pragma once

#include "daemon/store/store.h"

typedef struct Exception {
	char *id; /* E-2026-0001 */
	char *kind;
	char *subject; /* "staff:012345", "card:OP000123" or "all" */
	char *content;
	char *reason;
	char *source;     /* "request", "operation" or "configuration" */
	char *until;      /* ISO date, the last day */
	char *review_due; /* ISO date */
	gint64 opened_at;
	char *opened_by;
	gint64 approved_at; /* 0 = not yet */
	char *approved_by;
	gint64 reviewed_at;
	char *reviewed_by;
	gint64 ended_at; /* 0 = not ended by anybody; it may be over by its date */
	char *ended_by;
	char *note;
} Exception;

void store_exception_free(Exception *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exception, store_exception_free)

/* Writes the row, new or changed. */
gboolean store_exception_put(StoreTx *tx, const Exception *row,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND when there is none. */
Exception *store_exception_get(StoreTx *tx, const char *id,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those of @kind for @subject or "all" that nobody ended and whose last day is not before @today.
 */
GPtrArray *store_exception_for(StoreTx *tx, const char *kind, const char *subject,
			       const char *today, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those from @source that nobody ended. */
GPtrArray *store_exception_from(StoreTx *tx, const char *source,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By number after @after (NULL = the first); only those that nobody ended when @is_open. */
GPtrArray *store_exception_list(StoreTx *tx, gboolean is_open, const char *after, int limit,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
