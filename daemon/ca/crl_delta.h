/* SPDX-License-Identifier: Apache-2.0
 * What changed on the lists of one issuer since a complete list that clients may still hold, kept
 * encoded like the list itself (RFC 5280 5.2.4). One thread at a time. */
#pragma once

#include "daemon/ca/crl.h"

/* More changes than this, and the base moves up: whoever holds an older list fetches a new one. */
#define CRL_DELTA_CHANGES 10000

typedef struct CrlDelta CrlDelta;

CrlDelta *crl_delta_new(void);
void crl_delta_free(CrlDelta *delta);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CrlDelta, crl_delta_free)

/* The complete list @number was published at @now and may be used until @next_update. Deltas reach
 * back to the oldest list that is not over. */
void crl_delta_published(CrlDelta *delta, guint64 number, gint64 now, gint64 next_update);
/* The number the next delta adds to; 0 before the first complete list. */
guint64 crl_delta_base(const CrlDelta *delta);
gsize crl_delta_count(const CrlDelta *delta);

/* An entry of the complete list changed from @before to @after; NULL: it is not on it. Nothing is
 * noted before the first complete list. Errors: as crl_put(). */
gboolean crl_delta_note(CrlDelta *delta, const CrlEntry *before, const CrlEntry *after,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The delta for @request, whose base is filled in, at the same number as the complete list drafted
 * in the same moment; all that was noted counts as shown from that number on. */
CrlDraft *crl_delta_draft(CrlDelta *delta, const CrlRequest *request,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
