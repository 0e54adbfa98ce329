/* SPDX-License-Identifier: Apache-2.0
 * One stretch of the trail, checked by itself: threads take a stretch each. */
#pragma once

#include "daemon/audit/audit_checkpoint.h"
#include "daemon/audit/audit_tree.h"

/* Records of a stretch; a multiple of AUDIT_CHECKPOINT_BLOCK. */
#define AUDIT_SPAN_RECORDS 65536
#define AUDIT_SPAN_LEVEL   16

/* The clock may have been set back by so much (seconds): work on a card is entered with the moment
 * it was begun. */
#define AUDIT_SPAN_CLOCK 7200

/* A tree that is no larger than a stretch. */
typedef struct AuditSpanEdge {
	guint64 size;
	guint8 edge[AUDIT_SPAN_LEVEL + 1][AUDIT_HASH_BYTES];
} AuditSpanEdge;

typedef struct AuditSpan {
	gint64 first; /* number of the first record, 1 + a multiple of AUDIT_SPAN_RECORDS */
	gint64 end;
	gint64 disposed;     /* up to this record the personal part may be gone */
	const gint64 *sizes; /* ascending, first - 1 < size < end: where roots are asked for */
	gsize size_count;
	/* What comes out: */
	gint64 first_bad; /* 0 when none */
	const char *reason;
	AuditTree tree;       /* over the records of this stretch alone */
	AuditSpanEdge *asked; /* the same at every size asked for; size 0 behind a bad record */
} AuditSpan;

/* FALSE when the store fails; a bad record is not a failure. */
gboolean audit_span_check(StoreTx *tx, AuditSpan *span, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts the leaves of @edge behind those of @tree, which has a multiple of AUDIT_SPAN_RECORDS. */
void audit_span_join(AuditTree *tree, AuditHash *hash, const AuditSpanEdge *edge);
void audit_span_edge(const AuditSpan *span, AuditSpanEdge *ret_edge);
void audit_span_free(AuditSpan *span);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditSpan, audit_span_free)
