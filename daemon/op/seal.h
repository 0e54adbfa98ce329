/* SPDX-License-Identifier: Apache-2.0
 * Checkpoints of the audit trail: a key of its own, made at the first start and pinned in the
 * trail; a signed root over all records every SEAL_RECORDS records or SEAL_SECONDS and at the end;
 * copies to syslog and to the witness file. A daemon without its key works on and says so. */
#pragma once

#include "daemon/op/op.h"

#define SEAL_RECORDS 1000
#define SEAL_SECONDS 60

typedef struct Seal Seal;

/* Opens or makes the key. Trouble with it is kept for seal_trouble(); only the store can make this
 * fail. */
Seal *seal_open(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void seal_free(Seal *seal);

/* Whether a checkpoint is due; also while the witness file lags behind. */
gboolean seal_is_due(House *house, gint64 now, gboolean *ret_is_due,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes a checkpoint unless nothing happened since the last one, and hands it on. ERROR_PARTLY: it
 * is kept but a copy could not be handed on. */
gboolean seal_now(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why no checkpoint can be made or handed on, or NULL. Free with g_error_free. */
GError *seal_trouble(House *house);
/* The id of the key this daemon signs with, or NULL; owned by the seal. */
const char *seal_key(const House *house);
