/* SPDX-License-Identifier: Apache-2.0
 * Posts, who holds them, and the bodies and departments that sections belong to (H02). */
#pragma once

#include "daemon/core/person.h"
#include "daemon/core/post.h"
#include "daemon/store/store.h"

/* *ret_post is NULL when no such post was ever entered. */
gboolean store_post_find(StoreTx *tx, const char *name, Post **ret_post,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Inserts; a post that is there keeps its section and kind. */
gboolean store_post_put(StoreTx *tx, const Post *post, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By name after @after. Array of Post. */
GPtrArray *store_post_list(StoreTx *tx, const char *after, int limit,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean store_post_put_holder(StoreTx *tx, const PostHolder *holder,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_post_end_holder(StoreTx *tx, gint64 id, const char *until,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All tenures of the post, oldest first. Array of PostHolder. */
GPtrArray *store_post_holders(StoreTx *tx, const char *post,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The tenures of @person, oldest first. Array of PostHolder. */
GPtrArray *store_post_of_person(StoreTx *tx, gint64 person,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Persons of @section whose title the post @post ends with, the best match first. Array of Person.
 */
GPtrArray *store_post_by_title(StoreTx *tx, const char *section, const char *post,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The appointing authority (任命権者) and the head of the department; NULL what is not known. */
typedef struct SectionBody {
	char *body;       /* 市長部局, 議会, 教育委員会 … */
	char *department; /* the post of its head: 市民部長 */
} SectionBody;
void store_post_body_free(SectionBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SectionBody, store_post_body_free)
/* Never NULL without an error. */
SectionBody *store_post_body(StoreTx *tx, const char *section,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_post_put_body(StoreTx *tx, const char *section, const SectionBody *body,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Codes of the sections whose department @post heads. Array of char *. */
GPtrArray *store_post_department(StoreTx *tx, const char *post,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
