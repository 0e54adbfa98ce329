/* SPDX-License-Identifier: Apache-2.0
 * 発行: an accepted designation and a spare card become a card that waits to be handed over
 * (T13, T14). */
#pragma once

#include "daemon/op/work.h"

typedef struct IssueRequest {
	const char *card;
	const char *staff;
	const char *authority;
	const char *reader;      /* NULL = wherever the card lies */
	const char *replaces;    /* reissue: the card this one takes over from, or NULL */
	const char *application; /* A-… it stands on, or NULL */
	const char *reason;      /* reissue: why */
	const char *paper;       /* reissue without an application: reference of the form 7 */
	gboolean is_temporary;   /* row 25: a card for one day */
	gint64 not_after;        /* end of the certificate; 0 = by policy */
} IssueRequest;

/* On failure the card is erased now or at its next sight, and a certificate born is revoked. */
gboolean issue_card(Op *op, const IssueRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is left of an issue that did not come to its end: revokes the certificates of @intent,
 * and, when the card @is_wiped, gives it back as a spare and closes the intent. Otherwise the
 * intent waits for the card. An intent closed meanwhile stays closed. The list is left to the
 * caller. Also used by repair. */
gboolean issue_undo(Op *op, const char *card, const char *intent, gboolean is_wiped,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
