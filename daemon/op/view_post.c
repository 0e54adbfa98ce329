/* SPDX-License-Identifier: Apache-2.0
 * Posts and what hangs on them as JSON. */
#include "daemon/op/view_post.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/deputy.h"
#include "daemon/op/incumbent.h"
#include "daemon/store/store_grant.h"
#include "daemon/store/store_person.h"

typedef json_t *(*ViewRow)(StoreTx *tx, const Op *op, gconstpointer row, GError **error);

/* How a list is shown, and by what its next page is found. */
typedef struct ListView {
	ViewRow view;
	const char *(*key)(gconstpointer row);
	int limit;
} ListView;

/* @list has one row more than fits where there is a next page. */
static json_t *page(StoreTx *tx, const Op *op, const GPtrArray *list, const ListView *how,
		    GError **error)
{
	guint most = (guint) how->limit;
	json_t *items = json_array();

	for (guint i = 0; i < MIN(list->len, most); i++) {
		json_t *item = how->view(tx, op, list->pdata[i], error);

		if (item == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	return view_page(items, list->len > most ? how->key(list->pdata[most - 1]) : NULL);
}

static json_t *person_of(const Person *person)
{
	return json_pack("{s:s, s:s}", "staff", person->staff, "name", person->name);
}

static gboolean add_incumbents(StoreTx *tx, const Op *op, const char *post, json_t *object,
			       GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(GPtrArray) persons = incumbent_of(tx, post, today, error);
	json_t *list;

	if (persons == NULL)
		return FALSE;
	list = json_array();
	for (guint i = 0; i < persons->len; i++)
		json_array_append_new(list, person_of(persons->pdata[i]));
	if (persons->len > 0) {
		const Person *first = persons->pdata[0];

		json_object_set_new(object, "staff", json_string(first->staff));
		json_object_set_new(object, "name", json_string(first->name));
	}
	json_object_set_new(object, "holders", list);
	return TRUE;
}

static json_t *post_of(StoreTx *tx, const Op *op, gconstpointer row, GError **error)
{
	const Post *post = row;
	json_t *object = json_pack("{s:s, s:o, s:b}", "post", post->name, "section",
				   view_text(post->section), "shared", post->is_shared);

	if (add_incumbents(tx, op, post->name, object, error))
		return object;
	json_decref(object);
	return NULL;
}

static const char *post_key(gconstpointer row)
{
	return ((const Post *) row)->name;
}

static gint compare_posts(gconstpointer a, gconstpointer b)
{
	return g_strcmp0((*(Post *const *) a)->name, (*(Post *const *) b)->name);
}

static gboolean has_post(const GPtrArray *posts, const char *name)
{
	for (guint i = 0; i < posts->len; i++)
		if (g_str_equal(((Post *) posts->pdata[i])->name, name))
			return TRUE;
	return FALSE;
}

/* The managers' posts are posts too, entered or not. */
static gboolean add_managers(StoreTx *tx, const char *after, GPtrArray *posts, GError **error)
{
	g_autoptr(GPtrArray) sections = store_person_sections(tx, error);

	for (guint i = 0; sections != NULL && i < sections->len; i++) {
		const Section *section = sections->pdata[i];
		Post *post;

		if (section->manager_post == NULL || has_post(posts, section->manager_post) ||
		    g_strcmp0(section->manager_post, after) <= 0)
			continue;
		post = g_new0(Post, 1);
		post->name = g_strdup(section->manager_post);
		post->section = g_strdup(section->code);
		g_ptr_array_add(posts, post);
	}
	return sections != NULL;
}

json_t *view_post_list(StoreTx *tx, const Op *op, const char *after, int limit, GError **error)
{
	int most = view_limit(limit);
	g_autoptr(GPtrArray) posts = store_post_list(tx, after, most + 1, error);

	if (posts == NULL || !add_managers(tx, after, posts, error))
		return NULL;
	g_ptr_array_sort(posts, compare_posts);
	return page(tx, op, posts, &(ListView){ post_of, post_key, most }, error);
}

static json_t *tenure_of(const PostHolder *row)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:s}", "staff", row->staff, "name",
			 row->name, "from", row->since, "until", view_text(row->until), "order",
			 row->order, "enteredAt", view_time(row->entered_at), "enteredBy",
			 row->entered_by);
}

json_t *view_post(StoreTx *tx, const Op *op, const char *name, GError **error)
{
	g_autoptr(GPtrArray) rows = store_post_holders(tx, name, error);
	g_autoptr(Post) post = NULL;
	gboolean is_known;
	json_t *object, *tenures;

	if (rows == NULL || !store_post_find(tx, name, &post, error) ||
	    !incumbent_knows(tx, name, &is_known, error))
		return NULL;
	if (!is_known) {
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no post \"%s\"; see `opcardctl post list`"), name);
		return NULL;
	}
	if (post == NULL) {
		post = g_new0(Post, 1);
		post->name = g_strdup(name);
	}
	object = post_of(tx, op, post, error);
	if (object == NULL)
		return NULL;
	tenures = json_array();
	for (guint i = 0; i < rows->len; i++)
		json_array_append_new(tenures, tenure_of(rows->pdata[i]));
	json_object_set_new(object, "tenures", tenures);
	return object;
}

static json_t *delegation_of(StoreTx *tx, const Op *op, gconstpointer row, GError **error)
{
	const Delegation *delegation = row;

	(void) tx, (void) op, (void) error;
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "id", delegation->id,
			 "fromPost", delegation->from_post, "toPost", delegation->to_post, "from",
			 delegation->since, "until", delegation->until, "order", delegation->order,
			 "by", delegation->by, "endedAt", view_time(delegation->ended_at));
}

static const char *delegation_key(gconstpointer row)
{
	return ((const Delegation *) row)->id;
}

json_t *view_post_delegations(StoreTx *tx, const Op *op, const char *after, int limit,
			      GError **error)
{
	int most = view_limit(limit);
	g_autoptr(GPtrArray) list = store_delegation_list(tx, after, most + 1, error);

	return list != NULL ? page(tx, op, list, &(ListView){ delegation_of, delegation_key, most },
				   error)
			    : NULL;
}

static json_t *grant_of(StoreTx *tx, const Op *op, gconstpointer row, GError **error)
{
	const RoleGrant *grant = row;
	gint64 end = grant->ended_at != 0 ? grant->ended_at : grant->until;

	(void) tx, (void) error;
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:o, s:o, s:o}", "id", grant->id,
			 "staff", grant->staff, "name", grant->name, "role", grant->role, "reason",
			 grant->reason, "from", view_time(grant->since), "until", view_time(end),
			 "open", end > op->now, "exception", view_text(grant->exception),
			 "reviewedAt", view_time(grant->reviewed_at), "reviewedBy",
			 view_text(grant->reviewed_by));
}

static const char *grant_key(gconstpointer row)
{
	return ((const RoleGrant *) row)->id;
}

json_t *view_post_grants(StoreTx *tx, const Op *op, const char *after, int limit, GError **error)
{
	int most = view_limit(limit);
	g_autoptr(GPtrArray) list = store_grant_list(tx, after, most + 1, error);

	return list != NULL ? page(tx, op, list, &(ListView){ grant_of, grant_key, most }, error)
			    : NULL;
}

json_t *view_post_reviews(StoreTx *tx, const Op *op, GError **error)
{
	g_autoptr(GPtrArray) list = deputy_waiting(tx, op, error);
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < list->len; i++) {
		const DeputyReview *review = list->pdata[i];

		json_array_append_new(
			items,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "id", review->id,
				  "post", review->post, "deputy", review->staff, "deputyName",
				  review->name, "roles", review->roles, "subject", review->subject,
				  "delegation", review->delegation, "at", view_time(review->at)));
	}
	return view_page(items, NULL);
}
