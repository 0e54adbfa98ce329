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
	char *section;    /* code of the section that owes the card, or NULL */
} Duty;

typedef struct CaseFile {
	char *id;   /* C-2026-0001 */
	char *card; /* "" when it is about none */
	char *kind; /* "lost", "stolen", "fault" … */
	gint64 opened_at;
	gint64 closed_at;   /* 0 while open */
	gint64 occurred_at; /* 0 = not known */
	gint64 noticed_at;
	gint64 refused_at; /* when the card was refused everywhere */
	char *reported_by;
	char *via;
	char *police_report;
	char *police_on; /* ISO date of the report to the police */
	char *section;   /* code, or NULL */
	/* The seven headings (K11), and what must be there before it is closed (T24). */
	char *content;     /* 内容 */
	char *parties;     /* 当事者・規模 */
	char *place;       /* 場所 */
	char *note;        /* 状況 */
	char *cause;       /* 原因 */
	char *response;    /* 対応 */
	char *other;       /* その他 */
	char *measure;     /* 再発防止策 */
	char *measure_due; /* ISO date by which it is carried out */
	char *closed_by;
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
typedef struct StoreDutyFilter {
	gboolean is_all;     /* closed ones too, by number; else the open ones by due date */
	const char *section; /* code, NULL = every one */
	const char *after;   /* "due/id" of the page before, or its id when @is_all; or NULL */
	int limit;
} StoreDutyFilter;

GPtrArray *store_duty_list(StoreTx *tx, const StoreDutyFilter *filter,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND names the number. */
Duty *store_duty_get(StoreTx *tx, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Open duties, and those of them that were due before @today. @section NULL = every one. */
gboolean store_duty_count(StoreTx *tx, const char *section, const char *today, gint64 ret_counts[2],
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean store_duty_case_open(StoreTx *tx, const CaseFile *file,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_duty_case_police(StoreTx *tx, const char *card, const char *report,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND names the number. */
CaseFile *store_duty_case_get(StoreTx *tx, const char *id,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes everything but id, card, kind, opened_at, reported_by and section. */
gboolean store_duty_case_put(StoreTx *tx, const CaseFile *file,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By number; @section NULL = every one. */
GPtrArray *store_duty_case_list(StoreTx *tx, const char *section, const char *after, int limit,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Open ones, the oldest first, opened at or before @until. */
GPtrArray *store_duty_case_open_list(StoreTx *tx, gint64 until, int limit,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;
