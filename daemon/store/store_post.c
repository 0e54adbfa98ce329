/* SPDX-License-Identifier: Apache-2.0
 * Posts and tenures in the store. */
#include "daemon/store/store_post.h"

#include "daemon/store/sql.h"
#include "daemon/store/store_person.h"

#define HOLDER                                                                                     \
	"h.id, h.post, h.person, p.staff, p.name, h.since, h.until, h.order_ref, h.entered_at,"    \
	" h.entered_by"

static gpointer read_post(Sql *query)
{
	Post *post = g_new0(Post, 1);

	post->name = sql_text(query, 0);
	post->section = sql_text(query, 1);
	post->is_shared = sql_int(query, 2) != 0;
	return post;
}

static GPtrArray *read_posts(Sql *query, GError **error)
{
	return sql_collect(query, read_post, (GDestroyNotify) post_free, error);
}

gboolean store_post_find(StoreTx *tx, const char *name, Post **ret_post, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT name, section, is_shared FROM post WHERE name = ?1", "t", name);
	g_autoptr(GPtrArray) list = read_posts(query, error);

	if (list == NULL)
		return FALSE;
	*ret_post = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

gboolean store_post_put(StoreTx *tx, const Post *post, GError **error)
{
	return sql_run(tx, error, "INSERT OR IGNORE INTO post VALUES(?1, ?2, ?3)", "ttd",
		       post->name, post->section, (int) post->is_shared);
}

GPtrArray *store_post_list(StoreTx *tx, const char *after, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT name, section, is_shared FROM post WHERE name > ?1"
					 " ORDER BY name LIMIT ?2",
					 "td", after != NULL ? after : "", limit);

	return read_posts(query, error);
}

gboolean store_post_put_holder(StoreTx *tx, const PostHolder *holder, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO post_holder(post, person, since, until, order_ref, entered_at,"
		       " entered_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		       "titttit", holder->post, holder->person, holder->since, holder->until,
		       holder->order, holder->entered_at, holder->entered_by);
}

gboolean store_post_end_holder(StoreTx *tx, gint64 id, const char *until, GError **error)
{
	return sql_run(tx, error, "UPDATE post_holder SET until = ?2 WHERE id = ?1", "it", id,
		       until);
}

static gpointer read_holder(Sql *query)
{
	PostHolder *holder = g_new0(PostHolder, 1);

	holder->id = sql_int(query, 0);
	holder->post = sql_text(query, 1);
	holder->person = sql_int(query, 2);
	holder->staff = sql_text(query, 3);
	holder->name = sql_text(query, 4);
	holder->since = sql_text(query, 5);
	holder->until = sql_text(query, 6);
	holder->order = sql_text(query, 7);
	holder->entered_at = sql_int(query, 8);
	holder->entered_by = sql_text(query, 9);
	return holder;
}

static GPtrArray *read_holders(Sql *query, GError **error)
{
	return sql_collect(query, read_holder, (GDestroyNotify) post_holder_free, error);
}

GPtrArray *store_post_holders(StoreTx *tx, const char *post, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " HOLDER " FROM post_holder h JOIN person p ON p.id = h.person"
			  " WHERE h.post = ?1 ORDER BY h.since, h.id",
			  "t", post);

	return read_holders(query, error);
}

GPtrArray *store_post_of_person(StoreTx *tx, gint64 person, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " HOLDER " FROM post_holder h JOIN person p ON p.id = h.person"
			  " WHERE h.person = ?1 ORDER BY h.since, h.id",
			  "i", person);

	return read_holders(query, error);
}

static gpointer read_staff(Sql *query)
{
	return sql_text(query, 0);
}

static GPtrArray *read_texts(Sql *query, GError **error)
{
	return sql_collect(query, read_staff, g_free, error);
}

GPtrArray *store_post_by_title(StoreTx *tx, const char *section, const char *post, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT p.staff FROM person p WHERE p.section = ?1 AND p.title <> ''"
			  " AND substr(?2, -length(p.title)) = p.title ORDER BY length(p.title) "
			  "DESC, p.staff",
			  "tt", section, post);
	g_autoptr(GPtrArray) numbers = read_texts(query, error);
	g_autoptr(GPtrArray) persons = g_ptr_array_new_with_free_func((GDestroyNotify) person_free);

	for (guint i = 0; numbers != NULL && i < numbers->len; i++) {
		Person *person = store_person_get(tx, numbers->pdata[i], error);

		if (person == NULL)
			return NULL;
		g_ptr_array_add(persons, person);
	}
	return numbers != NULL ? g_steal_pointer(&persons) : NULL;
}

void store_post_body_free(SectionBody *body)
{
	if (body == NULL)
		return;
	g_free(body->body);
	g_free(body->department);
	g_free(body);
}

SectionBody *store_post_body(StoreTx *tx, const char *section, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT body, department FROM section_body WHERE section = ?1",
			  "t", section);
	g_autoptr(SectionBody) body = g_new0(SectionBody, 1);

	if (query == NULL)
		return NULL;
	if (sql_step(query)) {
		body->body = sql_text(query, 0);
		body->department = sql_text(query, 1);
		return g_steal_pointer(&body);
	}
	return sql_end(query, error) ? g_steal_pointer(&body) : NULL;
}

gboolean store_post_put_body(StoreTx *tx, const char *section, const SectionBody *body,
			     GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO section_body VALUES(?1, ?2, ?3) ON CONFLICT(section) DO UPDATE"
		       " SET body = ?2, department = ?3",
		       "ttt", section, body->body, body->department);
}

GPtrArray *store_post_department(StoreTx *tx, const char *post, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT section FROM section_body WHERE department = ?1 ORDER BY section",
			  "t", post);

	return read_texts(query, error);
}
