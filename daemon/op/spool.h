/* SPDX-License-Identifier: Apache-2.0
 * Loss reports that the store could not take, in a file whose every block was written beforehand:
 * a full disk does not keep it from being written again in place. Any thread. */
#pragma once

#include <glib.h>

#include "daemon/core/lifecycle.h"

typedef struct Spool Spool;

typedef struct SpoolItem {
	guint slot; /* set by spool_list() */
	char *card;
	CardEvent event; /* report-lost or report-stolen */
	char *actor;     /* id of who reported */
	gboolean may_revoke;
	gint64 at;
	gint64 occurred_at; /* 0 = not known, as the next */
	gint64 noticed_at;
	char *reported_by;
	char *via;
	char *note;
	char *police_report;
} SpoolItem;

void spool_item_free(SpoolItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpoolItem, spool_item_free)

/* Opens FOLDER/spool, or makes it. ERROR_STORE. */
Spool *spool_open(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void spool_close(Spool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_close)

/* Durable when it returns TRUE. ERROR_STORE when it cannot be written: then it is kept in memory
 * only, and listed as the others. ERROR_LARGE when it is too
 * long or the spool is full. @spool may be NULL: ERROR_STORE. */
gboolean spool_put(Spool *spool, const SpoolItem *item, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What is in it, oldest first. Array of SpoolItem. */
GPtrArray *spool_list(Spool *spool);
gboolean spool_clear(Spool *spool, guint slot, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint spool_count(Spool *spool);
gboolean spool_has(Spool *spool, const char *card);
