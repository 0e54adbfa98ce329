/* SPDX-License-Identifier: Apache-2.0
 * What the trail is held against: the roots that checkpoints and the witness tell of, once they are
 * known to be signed and to follow each other. */
#pragma once

#include "daemon/audit/audit.h"

typedef struct AuditAnchors {
	gsize count;
	gint64 *sizes; /* ascending; the same size may stand there twice */
	guint8 (*roots)[AUDIT_HASH_BYTES];
	/* Of the earliest checkpoint that is not sound: records it should cover and the one before
	 * does not. */
	gint64 first_bad; /* 0 when none */
	gint64 last_bad;
	const char *reason;
} AuditAnchors;

void audit_anchor_free(AuditAnchors *anchors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditAnchors, audit_anchor_free)

/* Of the checkpoints of @tx and the lines of @witness (may be NULL), for a trail of @count records.
 * Only sound ones are among sizes and roots. */
AuditAnchors *audit_anchor_read(StoreTx *tx, const AuditWitness *witness, gint64 count,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first anchor of at least @size records. */
gsize audit_anchor_find(const AuditAnchors *anchors, gint64 size);
/* The last record whose personal part a recorded disposal may have taken, 0 for none. */
gboolean audit_anchor_disposed(StoreTx *tx, gint64 *ret_last,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
