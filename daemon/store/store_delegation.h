/* SPDX-License-Identifier: Apache-2.0
 * Standing orders from post to post (代理・代決, N02) and what was done under them (後閲). */
#pragma once

#include "daemon/store/store.h"

typedef struct Delegation {
	char *id; /* L-2026-0001 */
	char *from_post;
	char *to_post;
	char *since; /* ISO dates, both days included */
	char *until;
	char *order;
	char *by; /* staff number */
	gint64 at;
	gint64 ended_at; /* 0 = not ended before its time */
	char *ended_by;
} Delegation;

/* One act of a deputy, to be looked at afterwards by whoever holds @post. */
typedef struct DeputyReview {
	char *id; /* V-2026-0001 */
	char *delegation;
	char *post;    /* of the principal */
	gint64 deputy; /* person */
	char *staff;   /* of the deputy */
	char *name;
	char *roles;   /* names of the roles used, "system-admin" */
	char *subject; /* card, application, … */
	gint64 at;
	gint64 reviewed_at; /* 0 while open */
	char *reviewed_by;
	char *note;
} DeputyReview;

void store_delegation_free(Delegation *delegation);
void store_delegation_review_free(DeputyReview *review);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delegation, store_delegation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DeputyReview, store_delegation_review_free)

gboolean store_delegation_put(StoreTx *tx, const Delegation *delegation,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND names the id. */
Delegation *store_delegation_get(StoreTx *tx, const char *id,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All, by id after @after. Array of Delegation. */
GPtrArray *store_delegation_list(StoreTx *tx, const char *after, int limit,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those to @post that are in force on @date. Array of Delegation. */
GPtrArray *store_delegation_to(StoreTx *tx, const char *post, const char *date,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All in force on @date. Array of Delegation. */
GPtrArray *store_delegation_in_force(StoreTx *tx, const char *date,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_delegation_end(StoreTx *tx, const char *id, gint64 now, const char *by,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Nothing where the same act has its item already. */
gboolean store_delegation_add_review(StoreTx *tx, const DeputyReview *review,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the act @review tells of has its item. */
gboolean store_delegation_has_review(StoreTx *tx, const DeputyReview *review, gboolean *ret_has,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND names the id. */
DeputyReview *store_delegation_review(StoreTx *tx, const char *id,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The open 後閲 of @post by id after @after. Array of DeputyReview. */
GPtrArray *store_delegation_reviews(StoreTx *tx, const char *post, const char *after, int limit,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @review with reviewed_at, reviewed_by and note. */
gboolean store_delegation_close_review(StoreTx *tx, const DeputyReview *review,
				       GError **error) G_GNUC_WARN_UNUSED_RESULT;
