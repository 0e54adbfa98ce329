/* SPDX-License-Identifier: Apache-2.0
 * Notices that leave the house, written in the transaction of what they tell of, and how far each
 * got on each channel. */
#pragma once

#include "daemon/store/store.h"

typedef struct OutboxNotice {
	gint64 id;
	char *kind;
	char *recipient; /* "post:…", "staff:…", "role:…", "section:…" */
	char *about;     /* card, duty, case …; or NULL */
	char *body;      /* JSON object of the text's values */
	gint64 at;
} OutboxNotice;

void store_outbox_notice_free(OutboxNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxNotice, store_outbox_notice_free)

/* @notice->id is not read; *ret_id is the new number. */
gboolean store_outbox_add(StoreTx *tx, const OutboxNotice *notice, gint64 *ret_id,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The notice is to go out on @channel from @due on. */
gboolean store_outbox_deliver(StoreTx *tx, gint64 notice, const char *channel, gint64 due,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes a note that @stage of @subject is given; *ret_is_new FALSE when it was given before. */
gboolean store_outbox_remind(StoreTx *tx, const char *subject, const char *stage, gint64 at,
			     gboolean *ret_is_new, GError **error) G_GNUC_WARN_UNUSED_RESULT;
