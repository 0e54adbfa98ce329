/* SPDX-License-Identifier: Apache-2.0
 * Authorisations to reset a PIN (form 6, T28): bound to one card, good for one reset, ended by
 * time. An urgent reset is a row without paper that ended when it began and waits for approval. */
#pragma once

#include "daemon/store/store.h"

#define PIN_RESET_DONE   "reset"  /* it was used */
#define PIN_RESET_CHANGE "change" /* the holder changed the PIN and does not need it any more */

typedef struct PinReset {
	gint64 id;
	char *card;
	gint64 holder; /* person id: the next holder of the card has nothing from it */
	char *paper;   /* reference of the form 6, NULL when urgent */
	char *by;      /* staff number of the system-admin; urgent: of the custodian */
	gint64 at;
	gint64 expires;
	gint64 ended_at;    /* 0 while open */
	char *outcome;      /* PIN_RESET_…, NULL while open */
	char *confirmation; /* urgent: N-0003 */
} PinReset;

void store_pin_reset_free(PinReset *reset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PinReset, store_pin_reset_free)

/* ERROR_RULE when its paper authorised a reset before. */
gboolean store_pin_reset_insert(StoreTx *tx, const PinReset *reset,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest by form 6 for @card while @holder has it, open or not; *ret_reset NULL when there
 * never was one. */
gboolean store_pin_reset_newest(StoreTx *tx, const char *card, gint64 holder, PinReset **ret_reset,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends whatever is open for @card; *ret_count (may be NULL) is how many there were. */
gboolean store_pin_reset_end(StoreTx *tx, const char *card, const char *outcome, gint64 now,
			     int *ret_count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Urgent ones nobody approved yet, oldest first, at most @limit. Array of PinReset. */
GPtrArray *store_pin_reset_unapproved(StoreTx *tx, int limit,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The urgent reset waiting as @confirmation is not approved; it stays done. */
gboolean store_pin_reset_reject(StoreTx *tx, const char *confirmation, gint64 now,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND when no urgent reset waits under that number. */
gboolean store_pin_reset_approve(StoreTx *tx, const char *confirmation, gint64 now, const char *by,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
