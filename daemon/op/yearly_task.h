/* SPDX-License-Identifier: Apache-2.0
 * Yearly tasks (T33, T43, K02, N85): what is due in a fiscal year, and what was done by which
 * report. */
#pragma once

#include <jansson.h>

#include "daemon/core/yearly.h"
#include "daemon/op/op.h"
#include "daemon/store/store_work.h"

typedef struct YearlyFacts {
	int fiscal_year; /* 0: the one of today */
	const char *kind;
	const char *done_on; /* ISO date, NULL: today */
	const char *reference;
	const char *note; /* or NULL */
} YearlyFacts;

/* Records that it was done; 継続確認 is a work record (年度切替, N56) as well. */
gboolean yearly_task_done(Op *op, const YearlyFacts *facts,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct YearlyState {
	char *due;        /* ISO date */
	const char *name; /* "done", "open", "soon" or "overdue" */
	YearlyDone *done; /* NULL while it is not */
} YearlyState;
void yearly_task_clear(YearlyState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(YearlyState, yearly_task_clear)

/* How one stands on the day of @op. */
gboolean yearly_task_state(StoreTx *tx, const Op *op, int fiscal_year, YearlyKind kind,
			   YearlyState *ret_state, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the office existed before the day @due: what it did not exist for is not owed. */
gboolean yearly_task_is_owed(StoreTx *tx, const char *due, gboolean *ret_is_owed,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All tasks of a fiscal year as a page; 0: the one of today. */
json_t *yearly_task_view(StoreTx *tx, const Op *op, int fiscal_year,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
