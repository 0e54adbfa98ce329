/* SPDX-License-Identifier: Apache-2.0
 * Work with a card in a reader, as every such duty does it: allowed, card found, intent committed,
 * card touched, result committed. No transaction is open while the card is touched. */
#pragma once

#include "daemon/op/allow.h"
#include "daemon/op/at_reader.h"
#include "daemon/op/record.h"

typedef struct WorkRequest {
	const char *card;
	const char *reader; /* NULL = wherever it lies */
	CardEvent event; /* what table A is asked for; _CARD_EVENT_MAX = nothing, @roles decide */
	RoleSet roles;
	const char *kind; /* of the intent: "issue" */
	gint64 holder;    /* who will hold it; 0 = who holds it now */
	const char *authority;
	const char *replaces;
	const char *witness;
	gint64 not_after; /* end of the certificate to be made; 0 = by policy */
} WorkRequest;

typedef struct Work {
	Op *op;
	const WorkRequest *request;
	Card *card;
	AtReader *desk;
	char *number;           /* of the intent to come */
	char *intent;           /* NULL until recorded */
	CardFailureKind failed; /* of the last work_fail() */
} Work;

/* Checks everything and finds the card; nothing is changed yet, except that what an earlier
 * operation left behind is repaired (not on a dry run). */
gboolean work_open(Work *work, Op *op, const WorkRequest *request,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A new conversation with the same card in the same reader, after one that broke off; FALSE (with
 * or without an error) when there is none to be had. */
gboolean work_reopen(Work *work, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void work_clear(Work *work);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* Begins a transaction with the card as it is now, allowed once more while no intent is open.
 * ERROR_STATE when another change has closed the intent: then nothing more may be done. */
StoreTx *work_tx(Work *work, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens the intent and records its begin. @body is borrowed and may be NULL. */
gboolean work_intend(StoreTx *tx, Work *work, json_t *body, const Record *record,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean work_step(StoreTx *tx, Work *work, const char *step, json_t *body,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean work_close(StoreTx *tx, Work *work, const char *outcome,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One transaction: the intent is closed as failed and the reason recorded; the card's row stays.
 * With @is_quarantined a card that itself refused (not its reader, not a hand that pulled it) is
 * set aside. Errors are dropped: the caller has the first one. */
void work_give_up(Work *work, const char *kind, gboolean is_quarantined, const GError *cause);
/* at_reader_fail() for this card. */
gboolean work_fail(Work *work, const CardFailure *failure, GError **error);
