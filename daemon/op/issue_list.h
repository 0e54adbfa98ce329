/* SPDX-License-Identifier: Apache-2.0
 * Batch issue for a whole 様式2: its designations in 建制順, each with the card made for it or
 * without one, and one step that issues the next card onto the spare lying in a reader. Nothing is
 * kept between steps, so a batch that was cut off goes on where it stood. */
#pragma once

#include "daemon/op/op.h"

typedef struct IssueListLine {
	char *designation;
	char *staff;
	char *name;
	char *section;
	char *authority;
	char *card; /* made for it, or NULL: still to be issued */
} IssueListLine;

void issue_list_line_free(IssueListLine *line);

/* Every designation that @application (A-2026-0042, or the number of the paper) gave and that is
 * not over; in the order of the sections, then of the report. Array of IssueListLine.
 * ERROR_NOT_FOUND when there is none. */
GPtrArray *issue_list_lines(StoreTx *tx, const Op *op, const char *application,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct IssueListStep {
	char *card;  /* issued now, NULL when nothing was left to do */
	char *staff; /* for whom */
	guint left;  /* lines still without a card */
} IssueListStep;

void issue_list_step_clear(IssueListStep *step);

/* Issues the next card onto the spare in @reader, or in whichever reader has one when NULL.
 * ERROR_CARD when no spare lies there: the caller asks for a blank and comes again. */
gboolean issue_list_next(Op *op, const char *application, const char *reader,
			 IssueListStep *ret_step, GError **error) G_GNUC_WARN_UNUSED_RESULT;
