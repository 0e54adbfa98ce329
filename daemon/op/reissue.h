/* SPDX-License-Identifier: Apache-2.0
 * 再発行: a spare card takes over from a lost, damaged or worn one; the old one is superseded when
 * the new one is handed over (T29–T31). */
#pragma once

#include "daemon/op/op.h"

typedef struct ReissueRequest {
	const char *card;     /* the old one */
	const char *new_card; /* NULL = the spare card lying in the reader */
	const char *reader;
	const char *reason;      /* 紛失・損傷・その他 */
	const char *application; /* approved 様式第7号; NULL: done first, approved afterwards */
	const char *paper;       /* without an application: reference of the form 7, or NULL */
} ReissueRequest;

/* Whether the card can be followed by another one. */
gboolean reissue_is_replaceable(const Card *card);
/* *ret_card is the new card's number (g_free). */
gboolean reissue_card(Op *op, const ReissueRequest *request, char **ret_card,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
