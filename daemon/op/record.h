/* SPDX-License-Identifier: Apache-2.0
 * Ledger records of operations. A record about a card carries the card as it stands after the
 * change, so that the registers of any past day can be read from the ledger alone. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/store/store_person.h"

typedef struct Record {
	const char *kind; /* event name of table A or a kind of audit_kind.c */
	const char *article;
	const char *second; /* witness or confirming person, or NULL */
	const char *from;   /* shown state before, or NULL */
	const char *note;   /* or NULL */
	gint64 at;          /* when it happened; 0 = now */
	json_t *extra;      /* further members, taken over even on failure; or NULL */
} Record;

/* About a card. */
gboolean record_card(StoreTx *tx, const Op *op, const Card *card, const Record *record,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* About a person (@staff may be NULL) or the system. */
gboolean record_event(StoreTx *tx, const Op *op, const char *staff, const Record *record,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
