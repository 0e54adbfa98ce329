/* SPDX-License-Identifier: Apache-2.0
 * Refusals by role in the ledger, without letting whoever is refused fill it: the first of an
 * account for a route is recorded at once, those of the same hour are counted, and the next record
 * tells how many there were; never more than DENIAL_MOST records an hour in all. */
#pragma once

#include "daemon/api/call.h"

#define DENIAL_MOST 200

Denial *denial_new(void);
void denial_free(Denial *denial);

/* Records that @call was refused with @refusal, if the limit allows; an error of the store is only
 * logged. */
void denial_record(Call *call, const GError *refusal);

/* Whether a refusal of @key at @now is recorded; *ret_before is how many of the same came since the
 * last one that was. Takes the lock itself. */
gboolean denial_take(Denial *denial, const char *key, gint64 now, guint *ret_before);
