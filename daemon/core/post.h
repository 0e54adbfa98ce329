/* SPDX-License-Identifier: Apache-2.0
 * Posts (職) and who holds them from which day to which: a post's duties pass to its next holder by
 * themselves, because they belong to the post (T05, T06). Dates are ISO. */
#pragma once

#include <glib.h>

typedef struct Post {
	char *name;    /* unique in the whole office: 市民課長, 選挙管理委員会書記 */
	char *section; /* code of the section it stands in, or NULL */
	gboolean is_shared; /* several persons hold it at a time; else one */
} Post;

typedef struct PostHolder {
	gint64 id;
	char *post;
	gint64 person;
	char *staff;
	char *name;
	char *since; /* both days included */
	char *until; /* NULL = open */
	char *order; /* reference of the order (発令) */
	gint64 entered_at;
	char *entered_by;
} PostHolder;

void post_free(Post *post);
void post_holder_free(PostHolder *holder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Post, post_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PostHolder, post_holder_free)

/* Whether @holder holds the post on the day @date. */
gboolean post_is_held(const PostHolder *holder, const char *date);

/* What putting @next into a post does to the row of the predecessor. */
typedef struct PostChange {
	gint64 ends;    /* id of the row that ends, 0 = none */
	char until[11]; /* its new last day */
} PostChange;

/* Whether @next may be entered beside @rows (PostHolder of that post) on the day @today. Who held a
 * post on a day that is over is never changed; two persons hold a post that is not shared on no
 * day. ERROR_RULE, ERROR_USAGE. */
gboolean post_plan(const Post *post, const GPtrArray *rows, const PostHolder *next,
		   const char *today, PostChange *ret_change,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the tenure @row may end with the day @until. ERROR_RULE, ERROR_USAGE. */
gboolean post_plan_end(const PostHolder *row, const char *until, const char *today,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
