/* SPDX-License-Identifier: Apache-2.0
 * Roles taken for a time (break-glass, N05) in the store. */
#pragma once

#include "daemon/store/store.h"

typedef struct RoleGrant {
	char *id; /* G-2026-0001 */
	gint64 person;
	char *staff;
	char *name;
	char *role; /* name of a Role */
	char *reason;
	gint64 since;
	gint64 until;
	char *exception;
	gint64 ended_at;    /* 0 = not ended before its time */
	gint64 reviewed_at; /* 0 = still to be reviewed */
	char *reviewed_by;
	char *note;
} RoleGrant;

void store_grant_free(RoleGrant *grant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RoleGrant, store_grant_free)

gboolean store_grant_put(StoreTx *tx, const RoleGrant *grant,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND names the id. */
RoleGrant *store_grant_get(StoreTx *tx, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those of @person open at @now. Array of RoleGrant. */
GPtrArray *store_grant_open(StoreTx *tx, gint64 person, gint64 now,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By id after @after. Array of RoleGrant. */
GPtrArray *store_grant_list(StoreTx *tx, const char *after, int limit,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_grant_end(StoreTx *tx, const char *id, gint64 now,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @grant with reviewed_at, reviewed_by and note. */
gboolean store_grant_review(StoreTx *tx, const RoleGrant *grant,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
