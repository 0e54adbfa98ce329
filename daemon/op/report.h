/* SPDX-License-Identifier: Apache-2.0
 * Every register and list as data for its form: {"values":{…},"rows":[…],"tables":{…}}. What a list
 * tells of a past day comes from the ledger, so that the same question gives the same answer. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"
#include "daemon/store/store_ledger.h"

typedef struct ReportRequest {
	const char *name;
	const char *as_of;       /* ISO date, NULL = today, or the end of the fiscal year */
	const char *fiscal_year; /* "2026" = from 2026-04-01 to 2027-03-31, or NULL */
	const char *section;     /* code, NULL = all */
	const char *staff;       /* whose operations are disclosed */
	const char *card;
	const char *case_id; /* of the incident reported */
} ReportRequest;

/* What is asked for, looked up and checked; the makers fill rows and tables. */
typedef struct Report {
	StoreTx *tx;
	const Op *op;
	const ReportRequest *request;
	char *from;   /* ISO dates, both inclusive; "0001-01-01" without a fiscal year */
	char *until;  /* the day the list stands for, never in the future */
	gint64 begin; /* moments: begin <= at < end */
	gint64 end;
	json_t *values;
	json_t *rows;
	json_t *tables; /* NULL while there are none */
} Report;

/* The form's number (3, 5) or 0, and the name of the form in lists/ or NULL. FALSE for a name that
 * is no report. */
gboolean report_form(const char *name, int *ret_form, const char **ret_list);
/* The Japanese name of a form in lists/; the name itself where there is none. */
const char *report_list_ja(const char *list);
/* Who may see it: the auditor's kind for what tells of persons. 0 for a name that is none. */
RoleSet report_roles(const char *name);
/* "issue, card, …". Free with g_free. */
char *report_names(void);

/* The data; json_decref. ERROR_NOT_FOUND for an unknown name, card, case or section, ERROR_USAGE
 * for a wrong day or year. */
json_t *report_make(StoreTx *tx, const Op *op, const ReportRequest *request,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For the makers: sets a member unless the text is NULL or "". */
void report_set(json_t *row, const char *key, const char *text);
void report_set_day(json_t *row, const char *key, gint64 at);
void report_set_time(json_t *row, const char *key, gint64 at);
/* Calls take for every record of the ledger of that kind (NULL = all) in the report's time. */
typedef gboolean (*ReportTake)(Report *report, const LedgerRow *row, const json_t *body,
			       gpointer data, GError **error);
gboolean report_ledger(Report *report, const LedgerFilter *filter, ReportTake take, gpointer data,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
