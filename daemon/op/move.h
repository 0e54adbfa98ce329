/* SPDX-License-Identifier: Apache-2.0
 * Events that need no reader: one transaction each, guards and effects by their tables. */
#pragma once

#include "daemon/op/effect.h"

typedef struct MoveRequest {
	const char *card;
	CardEvent event;
	EffectFacts facts;
	const char *witness; /* staff number, or NULL */
	const char *session; /* disposal in a witnessed session, which names the witness; or NULL */
	const char
		*handed_in_by; /* return: staff number of who brings the card; NULL = its holder */
	const char *seal;      /* return of a card that was sent: the seal's number, or NULL */
	gboolean is_broken;    /* … or that the seal is broken */
	const char *evidence;  /* disposal: how and with what proof */
	const char *chip_serial; /* return: checked against the card when given */
} MoveRequest;

typedef enum MoveOutcome {
	MOVE_DONE,
	MOVE_HELD,    /* reported by somebody who may not revoke: suspended at once */
	MOVE_ASKED,   /* a second person must confirm: *ret_confirmation */
	MOVE_SPOOLED, /* in force, and not in the register yet: spool_report.h */
	MOVE_WOULD,   /* dry run: allowed, nothing changed */
	_MOVE_OUTCOME_MAX,
} MoveOutcome;

/* Does @request->event. When it restricts a certificate, it returns only after OCSP answers so and
 * the revocation list is synced; ERROR_PARTLY when only the list is missing. */
gboolean move_card(Op *op, const MoveRequest *request, MoveOutcome *ret_outcome,
		   char **ret_confirmation, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A change that waits for a second person (`confirm ID`). */
typedef struct MoveQuestion {
	const char *event;
	const char *card; /* or NULL */
	json_t *body;     /* the request, borrowed */
} MoveQuestion;
/* Records the question and commits; its number is *ret_confirmation (g_free). */
gboolean move_ask(StoreTx **tx, Op *op, const MoveQuestion *question, char **ret_confirmation,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;
