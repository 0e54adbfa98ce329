/* SPDX-License-Identifier: Apache-2.0
 * A new application: written here as a draft, or a sealed paper taken in (T45, T49, T50). */
#pragma once

#include "daemon/op/apply.h"
#include "daemon/op/import_result.h"

#define APPLY_NEW_PAPER_MAX 100

typedef struct ApplyRequest {
	gint64 form;
	char *section;       /* form 2 */
	char *from;          /* form 2: effective date, a day of the calendar */
	char *file;          /* form 2: what the rows come from, for messages; or NULL */
	GPtrArray *rows;     /* form 2: DesignateRow, or NULL */
	gboolean is_current; /* form 2: as it is in force, for the yearly confirmation (K02) */
	char *card;          /* forms 6 and 7 */
	char *reason;
	char *paper;     /* reference of the paper */
	char *signed_by; /* staff number; NULL = the section's manager */
	char *signed_on; /* day of the calendar; NULL = today */
	char *scan;      /* SHA-256 in hex, or NULL */
} ApplyRequest;

/* *ret_id (g_free) is its number, NULL on a dry run. Bad rows go to @result as import_staff(). */
gboolean apply_new(Op *op, const ApplyRequest *request, ImportResult *result, char **ret_id,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stands at INVESTIGATED; who signed is applicant and endorser. */
gboolean apply_new_accept(Op *op, const ApplyRequest *request, ImportResult *result, char **ret_id,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Other lines, date or reason for a draft, or for one that was sent back. */
gboolean apply_new_revise(Op *op, const char *id, const ApplyRequest *request, ImportResult *result,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same as apply_new_accept() within the caller's transaction. */
gboolean apply_new_accept_in(StoreTx *tx, const Op *op, const ApplyRequest *request,
			     Application **ret_row, ImportResult *result,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An application for @request's card whose matter is done first (N81). */
gboolean apply_new_rush(StoreTx *tx, const Op *op, const ApplyRequest *request,
			Application **ret_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For a draft or what is put forward: the day is no past one (N72). */
gboolean apply_new_check_day(const Op *op, const char *day,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
