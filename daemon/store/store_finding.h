/* SPDX-License-Identifier: Apache-2.0
 * Rows of the register of findings (N84, T43). */
#pragma once

#include "daemon/store/store.h"

typedef struct AuditFinding {
	char *id;        /* F-2026-0001 */
	char *source;    /* "audit", "self-inspection", "analysis" */
	char *reference; /* of the report it stands in */
	char *content;
	char *owner; /* "post:…", "section:…", "role:…" or "staff:…" (op/owner.h) */
	char *due;   /* ISO date */
	gint64 opened_at;
	char *opened_by;
	char *measure; /* the answer, NULL before it */
	gint64 answered_at;
	char *answered_by;
	gint64 closed_at; /* 0 while open */
	char *closed_by;
	char *note;
} AuditFinding;

void store_finding_free(AuditFinding *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditFinding, store_finding_free)

/* Writes the row, new or changed. */
gboolean store_finding_put(StoreTx *tx, const AuditFinding *row,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND when there is none. */
AuditFinding *store_finding_get(StoreTx *tx, const char *id,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By number after @after (NULL = the first). */
GPtrArray *store_finding_list(StoreTx *tx, const char *after, int limit,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Open ones due before @day, the oldest first. */
GPtrArray *store_finding_due(StoreTx *tx, const char *day, int limit,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
