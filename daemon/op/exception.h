/* SPDX-License-Identifier: Apache-2.0
 * The register of exceptions (N05, N81): what may be done against a rule, why and until when. One
 * that is over, ended, or not approved where that comes first, covers nothing. Whatever is done
 * under one carries its number in the ledger. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"
#include "daemon/store/store_exception.h"

typedef struct ExceptionFacts {
	const char *kind; /* a row of exception.c: "separation", "urgent", "break-glass", "rule" */
	const char *subject; /* "staff:012345", "card:…", "section:…", "account:…", "application:…"
				or "all" */
	const char *content; /* what is done otherwise */
	const char *reason;
	const char *until; /* ISO date, the last day */
} ExceptionFacts;

/* Opens an entry within @tx and writes it to the ledger. Kinds that need the chief's approval
 * first cover nothing until then. *ret_id (g_free) is "E-2026-0001". */
gboolean exception_open(StoreTx *tx, const Op *op, const ExceptionFacts *facts, char **ret_id,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an exception of @kind in force covers @subject on the day of @op. FALSE only with an
 * error; *ret_id (g_free) is NULL when there is none. Its number goes into every record that @op
 * writes from now on. */
gboolean exception_covers(StoreTx *tx, const Op *op, const char *kind, const char *subject,
			  char **ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @to goes on with the work of @from, whose exceptions it leans on too. */
void exception_carry(const Op *from, Op *to);
/* Numbers of what @op leans on, for its records; NULL when there are none. */
json_t *exception_used(const Op *op);

typedef enum ExceptionAct {
	EXCEPTION_APPROVE, /* the chief, not who opened it and not whom it is for */
	EXCEPTION_REVIEW,  /* still needed (N81: periodic review) */
	EXCEPTION_END,
	_EXCEPTION_ACT_MAX,
} ExceptionAct;
gboolean exception_act(Op *op, const char *id, ExceptionAct act, const char *note,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "waiting" (for the approval that comes first), "open" (approval to follow), "approved",
 * "expired" or "ended" on the day of @op. */
const char *exception_state(const Op *op, const Exception *row);
/* The kind's name in Japanese, or @kind itself. */
const char *exception_ja(const char *kind);

/* Every day and at the start: `separation-exception` of the configuration, through which a server
 * with one account is set up before there is anybody who could approve, becomes an entry of its
 * own; entries that are over are closed. */
gboolean exception_keep(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
