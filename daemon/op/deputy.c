/* SPDX-License-Identifier: Apache-2.0
 * Acts of a deputy. */
#include "daemon/op/deputy.h"

#include "daemon/base/clock.h"

#define MANAGER     ROLE_SET(ROLE_SECTION_MANAGER)
#define REVIEWS_MAX 500

static gboolean manages(char **sections, const char *section)
{
	return section == NULL ||
	       (sections != NULL && g_strv_contains((const char *const *) sections, section));
}

/* The roles of the caller's own, with section-manager only for @section. */
static RoleSet own_roles(const Op *op, const char *section)
{
	RoleSet own = (op->actor->roles & ~op->actor->deputy) | ROLE_SET(ROLE_ANYONE);

	return manages(op->actor->sections, section) ? own : own & ~MANAGER;
}

const ActorDeputy *deputy_find(const Op *op, RoleSet needed, const char *section)
{
	const GPtrArray *deputies = op->actor->deputies;

	if (deputies == NULL || (own_roles(op, section) & needed) != 0)
		return NULL;
	for (guint i = 0; i < deputies->len; i++) {
		const ActorDeputy *deputy = deputies->pdata[i];
		RoleSet roles = manages(deputy->sections, section) ? deputy->roles
								   : deputy->roles & ~MANAGER;

		if ((roles & needed) != 0)
			return deputy;
	}
	return NULL;
}

static gboolean give_id(StoreTx *tx, const Op *op, DeputyReview *review, GError **error)
{
	int year = clock_year(op->now);
	g_autofree char *counter = g_strdup_printf("deputy-review-%d", year);
	gint64 number;

	if (!store_next(tx, counter, &number, error))
		return FALSE;
	review->id = g_strdup_printf("V-%d-%04" G_GINT64_FORMAT, year, number);
	return TRUE;
}

static char *roles_used(RoleSet roles)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < _ROLE_MAX; i++)
		if ((roles & ROLE_SET(i)) != 0)
			g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "",
					       role_name((Role) i));
	return g_string_free(text, FALSE);
}

static gboolean open_review(StoreTx *tx, const Op *op, const ActorDeputy *deputy, RoleSet roles,
			    const char *subject, GError **error)
{
	g_autofree char *names = roles_used(deputy->roles & roles);
	DeputyReview review = {
		.delegation = deputy->delegation,
		.post = deputy->post,
		.deputy = op->actor->person,
		.roles = names,
		.subject = (char *) subject,
		.at = op->now,
	};
	gboolean has, is_open;

	if (!store_delegation_has_review(tx, &review, &has, error))
		return FALSE;
	if (has)
		return TRUE;
	is_open =
		give_id(tx, op, &review, error) && store_delegation_add_review(tx, &review, error);
	g_free(review.id);
	return is_open;
}

gboolean deputy_record(StoreTx *tx, const Op *op, RoleSet needed, const char *subject,
		       GError **error)
{
	const ActorDeputy *deputy = deputy_find(op, needed, NULL);

	return deputy == NULL || open_review(tx, op, deputy, needed, subject, error);
}

gboolean deputy_record_section(StoreTx *tx, const Op *op, const char *section, const char *subject,
			       GError **error)
{
	const ActorDeputy *deputy = deputy_find(op, MANAGER, section);

	return deputy == NULL || open_review(tx, op, deputy, MANAGER, subject, error);
}

gboolean deputy_stands_for(const Op *op, RoleSet needed, gint64 person)
{
	const ActorDeputy *deputy = deputy_find(op, needed, NULL);

	for (guint i = 0; deputy != NULL && person != 0 && i < deputy->holders->len; i++)
		if (g_array_index(deputy->holders, gint64, i) == person)
			return TRUE;
	return FALSE;
}

GPtrArray *deputy_waiting(StoreTx *tx, const Op *op, GError **error)
{
	g_autoptr(GPtrArray) all =
		g_ptr_array_new_with_free_func((GDestroyNotify) store_delegation_review_free);
	const GPtrArray *posts = op->actor->posts;

	for (guint i = 0; posts != NULL && i < posts->len; i++) {
		g_autoptr(GPtrArray) list =
			store_delegation_reviews(tx, posts->pdata[i], NULL, REVIEWS_MAX, error);

		if (list == NULL)
			return NULL;
		g_ptr_array_extend_and_steal(all, g_steal_pointer(&list));
	}
	return g_steal_pointer(&all);
}
