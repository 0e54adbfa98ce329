/* SPDX-License-Identifier: Apache-2.0
 * Holds: putting one (row 8), lifting one (row 9), and emergency stops by scope (row 21, K10). */
#pragma once

#include "daemon/core/hold.h"
#include "daemon/op/move.h"
#include "daemon/op/stop_order.h"

typedef struct SuspendRequest {
	const char *card;
	HoldReason reason;
	const char *note;
	const char *place;           /* 預り: where the card is deposited, or NULL */
	const StopOrderFacts *order; /* of ORDER, which needs it (N82) */
	gint64 noticed_at;           /* of a report, 0 = now */
	gint64 happened_at;          /* entered afterwards: when it was; 0 = now */
	gboolean is_report; /* a loss report: also a card that is not in use yet or any more */
} SuspendRequest;

gboolean suspend_card(Op *op, const SuspendRequest *request,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Lifts one reason; the card is in use again when no hold is open. */
gboolean suspend_resume(Op *op, const SuspendRequest *request, MoveOutcome *ret_outcome,
			char **ret_confirmation, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The part of suspend_resume() inside a transaction, also used when the holder's own change of
 * the PIN lifts a hold. Certificates become VALID when nothing holds the card any more. */
gboolean suspend_lift(StoreTx *tx, Op *op, Card *card, HoldReason reason,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct EmergencyRequest {
	const char *scope; /* "all", "section:CODE", "authority:A", "terminals:G", "batch:PREFIX" */
	const char *note;
	gboolean is_stop;
	gint64 noticed_at; /* when the danger was noticed, 0 = now */
} EmergencyRequest;

/* One person stops, two resume. */
gboolean suspend_emergency(Op *op, const EmergencyRequest *request, MoveOutcome *ret_outcome,
			   char **ret_confirmation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
