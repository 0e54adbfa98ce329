/* SPDX-License-Identifier: Apache-2.0
 * What the end of a designation means for its cards. */
#pragma once

#include "daemon/op/import_result.h"
#include "daemon/op/op.h"
#include "daemon/store/store_person.h"

typedef struct DesignateCards {
	StoreTx *tx;
	const Op *op;
	ImportResult *result; /* remarks go there */
	gint64 line;
} DesignateCards;

/* Numbers of the cards with @designation that are to be recalled at once, because its successor
 * day @from has come and the person has no other designation of the authority. Array of char *. */
GPtrArray *designate_cards_to_recall(const DesignateCards *cards, const Person *person,
				     const Designation *designation, const char *from,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Row 13 for one card within @tx, as of T13. */
gboolean designate_cards_recall(StoreTx *tx, Op *op, const char *number,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ledger records for the cards of a designation whose title or section name changed, so that the
 * card register can be read from the ledger. */
gboolean designate_cards_record(StoreTx *tx, const Op *op, const Designation *designation,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
