/* SPDX-License-Identifier: Apache-2.0
 * Duties (回収義務 …) and case files (紛失・盗難, 再発防止策) in the store. */
#pragma once

#include "daemon/store/store.h"

typedef struct Duty {
	char *id; /* E-… as printed */
	char *card;
	char *kind;       /* "collect" */
	char *owner_post; /* a post, never a person */
	char *reason;     /* why it is to be collected: name of a RecallReason */
	char *due;        /* ISO date */
	gint64 opened_at;
	gint64 closed_at; /* 0 while open */
} Duty;

typedef struct CaseFile {
	char *id; /* C-2026-0001 */
	char *card;
	char *kind; /* "lost", "stolen", … */
	gint64 opened_at;
	gint64 closed_at;   /* 0 while open */
	gint64 occurred_at; /* 0 = not known */
	gint64 noticed_at;
	gint64 refused_at; /* when the card was refused everywhere */
	char *reported_by;
	char *via;
	char *police_report;
	char *measure; /* 再発防止策 */
	char *note;
} CaseFile;

void store_duty_free(Duty *duty);
void store_duty_case_free(CaseFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Duty, store_duty_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseFile, store_duty_case_free)

gboolean store_duty_open(StoreTx *tx, const Duty *duty, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes every open duty of the card; none is fine. */
gboolean store_duty_close(StoreTx *tx, const char *card, gint64 now,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The card's open duty; *ret_duty NULL when there is none. */
gboolean store_duty_of_card(StoreTx *tx, const char *card, Duty **ret_duty,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Open ones by due date, or all when @is_all. @after is "due/id" of the page before or NULL. */
GPtrArray *store_duty_list(StoreTx *tx, gboolean is_all, const char *after, int limit,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean store_duty_case_open(StoreTx *tx, const CaseFile *file,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_duty_case_police(StoreTx *tx, const char *card, const char *report,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_duty_case_list(StoreTx *tx, const char *after, int limit,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
