/* SPDX-License-Identifier: Apache-2.0
 * Work records (N56–N58), the settings last recorded, and yearly tasks done (T33, K02). */
#pragma once

#include "daemon/store/store.h"

typedef struct WorkRow {
	char *id;      /* W-2026-0001 */
	char *kind;    /* row of op/work_record.c */
	char *content; /* what was done */
	char *before;  /* JSON object */
	char *after;   /* JSON object */
	gboolean needs_second;
	gint64 opened_at;
	char *opened_by; /* "opcardd" where it was found, not done, by the program */
	gint64 done_at;  /* 0 until a person says to have done it */
	char *done_by;
	char *tests; /* JSON array of what was tested, NULL before */
	char *result;
	gint64 confirmed_at; /* 0 until a second person has looked at it */
	char *confirmed_by;
	char *note;
} WorkRow;

void store_work_free(WorkRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkRow, store_work_free)

/* Writes the row, new or changed. */
gboolean store_work_put(StoreTx *tx, const WorkRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND when there is none. */
WorkRow *store_work_get(StoreTx *tx, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By number after @after (NULL = the first); those that wait for a second person when @is_waiting.
 */
GPtrArray *store_work_list(StoreTx *tx, gboolean is_waiting, const char *after, int limit,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The settings as last recorded: name → value. */
GHashTable *store_work_settings(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @value NULL forgets it. */
gboolean store_work_set(StoreTx *tx, const char *key, const char *value,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum WorkCount {
	WORK_COUNT_STAFF,
	WORK_COUNT_SECTIONS,
	WORK_COUNT_CARDS,
	WORK_COUNT_HOLIDAYS,
	WORK_COUNT_DESIGNATIONS, /* that are in force or to come */
	_WORK_COUNT_MAX,
} WorkCount;
/* How many there are; for batches, which walk through as many anyway. */
gboolean store_work_count(StoreTx *tx, WorkCount what, const char *today, gint64 *ret_count,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When the first record of the ledger was entered, 0 for none. */
gboolean store_work_first(StoreTx *tx, gint64 *ret_at, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct YearlyDone {
	int fiscal_year;
	char *kind;
	char *done_on; /* ISO date */
	char *reference;
	gint64 entered_at;
	char *entered_by;
	char *note;
} YearlyDone;

void store_work_yearly_free(YearlyDone *done);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(YearlyDone, store_work_yearly_free)

/* Writes it; one that was entered before is replaced. */
gboolean store_work_yearly_put(StoreTx *tx, const YearlyDone *done,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *ret_done NULL while it is not done. */
gboolean store_work_yearly_get(StoreTx *tx, int fiscal_year, const char *kind,
			       YearlyDone **ret_done, GError **error) G_GNUC_WARN_UNUSED_RESULT;
