/* SPDX-License-Identifier: Apache-2.0
 * Delegations and the acts under them in the store. */
#include "daemon/store/store_delegation.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define DELEGATION                                                                                 \
	"id, from_post, to_post, since, until, order_ref, by, at, ifnull(ended_at, 0), ended_by"
#define REVIEW                                                                                     \
	"r.id, r.delegation, r.post, r.deputy, p.staff, p.name, r.roles, r.subject, r.at,"         \
	" ifnull(r.reviewed_at, 0), r.reviewed_by, r.note"

void store_delegation_free(Delegation *delegation)
{
	if (delegation == NULL)
		return;
	g_free(delegation->id);
	g_free(delegation->from_post);
	g_free(delegation->to_post);
	g_free(delegation->since);
	g_free(delegation->until);
	g_free(delegation->order);
	g_free(delegation->by);
	g_free(delegation->ended_by);
	g_free(delegation);
}

void store_delegation_review_free(DeputyReview *review)
{
	if (review == NULL)
		return;
	g_free(review->id);
	g_free(review->delegation);
	g_free(review->post);
	g_free(review->staff);
	g_free(review->name);
	g_free(review->roles);
	g_free(review->subject);
	g_free(review->reviewed_by);
	g_free(review->note);
	g_free(review);
}

gboolean store_delegation_put(StoreTx *tx, const Delegation *delegation, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO delegation VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, NULL)",
		       "ttttttti", delegation->id, delegation->from_post, delegation->to_post,
		       delegation->since, delegation->until, delegation->order, delegation->by,
		       delegation->at);
}

static gpointer read_delegation(Sql *query)
{
	Delegation *delegation = g_new0(Delegation, 1);

	delegation->id = sql_text(query, 0);
	delegation->from_post = sql_text(query, 1);
	delegation->to_post = sql_text(query, 2);
	delegation->since = sql_text(query, 3);
	delegation->until = sql_text(query, 4);
	delegation->order = sql_text(query, 5);
	delegation->by = sql_text(query, 6);
	delegation->at = sql_int(query, 7);
	delegation->ended_at = sql_int(query, 8);
	delegation->ended_by = sql_text(query, 9);
	return delegation;
}

static GPtrArray *read_delegations(Sql *query, GError **error)
{
	return sql_collect(query, read_delegation, (GDestroyNotify) store_delegation_free, error);
}

Delegation *store_delegation_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " DELEGATION " FROM delegation WHERE id = ?1", "t", id);
	g_autoptr(GPtrArray) list = read_delegations(query, error);

	if (list != NULL && list->len > 0)
		return g_ptr_array_steal_index(list, 0);
	if (list != NULL)
		error_set(error, ERROR_NOT_FOUND, N_("there is no delegation %s"), id);
	return NULL;
}

GPtrArray *store_delegation_list(StoreTx *tx, const char *after, int limit, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " DELEGATION " FROM delegation WHERE id > ?1 ORDER BY id"
			  " LIMIT ?2",
			  "td", after != NULL ? after : "", limit);

	return read_delegations(query, error);
}

GPtrArray *store_delegation_to(StoreTx *tx, const char *post, const char *date, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " DELEGATION " FROM delegation WHERE to_post = ?1"
			  " AND until >= ?2 AND since <= ?2 AND ended_at IS NULL ORDER BY id",
			  "tt", post, date);

	return read_delegations(query, error);
}

GPtrArray *store_delegation_in_force(StoreTx *tx, const char *date, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " DELEGATION " FROM delegation WHERE until >= ?1"
					 " AND since <= ?1 AND ended_at IS NULL ORDER BY id",
					 "t", date);

	return read_delegations(query, error);
}

gboolean store_delegation_end(StoreTx *tx, const char *id, gint64 now, const char *by,
			      GError **error)
{
	return sql_run(tx, error,
		       "UPDATE delegation SET ended_at = ?2, ended_by = ?3"
		       " WHERE id = ?1 AND ended_at IS NULL",
		       "tit", id, now, by);
}

gboolean store_delegation_add_review(StoreTx *tx, const DeputyReview *review, GError **error)
{
	return sql_run(tx, error,
		       "INSERT OR IGNORE INTO deputy_review VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7,"
		       " NULL, NULL, NULL)",
		       "tttitti", review->id, review->delegation, review->post, review->deputy,
		       review->roles, review->subject, review->at);
}

gboolean store_delegation_has_review(StoreTx *tx, const DeputyReview *review, gboolean *ret_has,
				     GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT 1 FROM deputy_review WHERE deputy = ?1 AND at = ?2"
			  " AND post = ?3 AND subject = ?4",
			  "iitt", review->deputy, review->at, review->post, review->subject);
	gboolean has = query != NULL && sql_step(query);

	if (query == NULL || (!has && !sql_end(query, error)))
		return FALSE;
	*ret_has = has;
	return TRUE;
}

static gpointer read_review(Sql *query)
{
	DeputyReview *review = g_new0(DeputyReview, 1);

	review->id = sql_text(query, 0);
	review->delegation = sql_text(query, 1);
	review->post = sql_text(query, 2);
	review->deputy = sql_int(query, 3);
	review->staff = sql_text(query, 4);
	review->name = sql_text(query, 5);
	review->roles = sql_text(query, 6);
	review->subject = sql_text(query, 7);
	review->at = sql_int(query, 8);
	review->reviewed_at = sql_int(query, 9);
	review->reviewed_by = sql_text(query, 10);
	review->note = sql_text(query, 11);
	return review;
}

static GPtrArray *read_reviews(Sql *query, GError **error)
{
	return sql_collect(query, read_review, (GDestroyNotify) store_delegation_review_free,
			   error);
}

DeputyReview *store_delegation_review(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " REVIEW " FROM deputy_review r"
					 " JOIN person p ON p.id = r.deputy WHERE r.id = ?1",
					 "t", id);
	g_autoptr(GPtrArray) list = read_reviews(query, error);

	if (list != NULL && list->len > 0)
		return g_ptr_array_steal_index(list, 0);
	if (list != NULL)
		error_set(error, ERROR_NOT_FOUND, N_("there is no act of a deputy %s"), id);
	return NULL;
}

GPtrArray *store_delegation_reviews(StoreTx *tx, const char *post, const char *after, int limit,
				    GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT " REVIEW " FROM deputy_review r JOIN person p ON p.id = r.deputy"
		" WHERE r.post = ?1 AND r.id > ?2 AND r.reviewed_at IS NULL ORDER BY r.id LIMIT ?3",
		"ttd", post, after != NULL ? after : "", limit);

	return read_reviews(query, error);
}

gboolean store_delegation_close_review(StoreTx *tx, const DeputyReview *review, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE deputy_review SET reviewed_at = ?2, reviewed_by = ?3, note = ?4"
		       " WHERE id = ?1 AND reviewed_at IS NULL",
		       "titt", review->id, review->reviewed_at, review->reviewed_by, review->note);
}
