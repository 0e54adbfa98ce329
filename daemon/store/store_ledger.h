/* SPDX-License-Identifier: Apache-2.0
 * The ledger's rows. The chain over them is made in audit/. */
#pragma once

#include "daemon/store/store.h"

#define STORE_LEDGER_HASH 32
#define STORE_LEDGER_SALT 16

typedef struct LedgerRow {
	gint64 seq;
	gint64 at;         /* when it happened */
	gint64 entered_at; /* when it was entered */
	char *kind;
	char *article;
	char *actor;  /* staff number, "root" or "opcardd"; "" once its time is over */
	char *second; /* witness or second person, or NULL */
	char *card;   /* or NULL */
	char *staff;  /* person concerned, or NULL */
	char *body;   /* JSON object; "{}" once its time is over */
	GBytes *hash; /* 32 octets */
} LedgerRow;

void store_ledger_row_free(LedgerRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerRow, store_ledger_row_free)

/* Number and hash of the last row; 0 and zeros while the ledger is empty. */
gboolean store_ledger_tip(StoreTx *tx, gint64 *ret_seq, guint8 ret_hash[STORE_LEDGER_HASH],
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The lowest number, 0 while it is empty. */
gboolean store_ledger_lowest(StoreTx *tx, gint64 *ret_seq,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A row as it stands in the tables; what it points to is borrowed. */
typedef struct LedgerRaw {
	gint64 seq;
	const char *record;
	gsize length;         /* of @record */
	const guint8 *sealed; /* 32 octets, NULL in version 1 */
	const guint8 *hash;   /* 32 octets */
	gboolean has_personal;
	const guint8 *salt; /* 16 octets, NULL in version 1 */
	const char *actor;
	const char *second;
	const char *staff;
	const char *body;
} LedgerRaw;
/* Writes the record, and its personal part. */
gboolean store_ledger_append(StoreTx *tx, const LedgerRaw *row,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Calls @take for every row of first <= seq < end in order, until it says FALSE. A blob of the
 * wrong length counts as absent. */
typedef gboolean (*LedgerTake)(const LedgerRaw *row, gpointer data);
gboolean store_ledger_walk(StoreTx *tx, gint64 first, gint64 end, LedgerTake take, gpointer data,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of the hashes alone, with the version the record says; @hash NULL when it is damaged. */
typedef gboolean (*LedgerTakeHash)(gint64 seq, int version, const guint8 *hash, gpointer data);
gboolean store_ledger_hashes(StoreTx *tx, gint64 first, gint64 end, LedgerTakeHash take,
			     gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* NULL and 0 narrow nothing. Ascending by seq. */
typedef struct LedgerFilter {
	gint64 after;
	const char *card;
	const char *staff;
	const char *kind;
	int limit;
} LedgerFilter;
GPtrArray *store_ledger_list(StoreTx *tx, const LedgerFilter *filter,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Records of one of the audit trail's own kinds, oldest first: 'audit-key', 'audit-dispose',
 * 'audit-report', 'audit-sign-off', 'emergency-stop', 'emergency-resume'. Array of LedgerRow. */
GPtrArray *store_ledger_own(StoreTx *tx, const char *kind,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest row of each card not later than @until, cards in order. Array of LedgerRow. */
GPtrArray *store_ledger_cards_at(StoreTx *tx, gint64 until,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest row of @card not later than @until; *ret_row NULL for none. */
gboolean store_ledger_card_at(StoreTx *tx, const char *card, gint64 until, LedgerRow **ret_row,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first record entered at @moment or later, one behind the last for none. Records stand in the
 * order of their entry but for what was under way at the same time. */
gboolean store_ledger_since(StoreTx *tx, gint64 moment, gint64 *ret_seq,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The number of the person's newest record of @kind not later than @until, 0 for none. */
gboolean store_ledger_newest(StoreTx *tx, const char *staff, const char *kind, gint64 until,
			     gint64 *ret_seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
