/* SPDX-License-Identifier: Apache-2.0
 * Persons → roles for a moment. */
#include "daemon/op/mandate.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/op/exception.h"
#include "daemon/op/incumbent.h"
#include "daemon/store/store_delegation.h"
#include "daemon/store/store_grant.h"

#define ROLES   "roles"
#define CHIEF   ROLE_SET(ROLE_CHIEF)
#define ADMIN   ROLE_SET(ROLE_SYSTEM_ADMIN)
#define MANAGER ROLE_SET(ROLE_SECTION_MANAGER)
/* Nobody takes an auditor's place by order: who audits is appointed (監査委員). */
#define NOT_DELEGATED ROLE_SET(ROLE_AUDITOR)

typedef struct Mandate {
	House *house;
	StoreTx *tx;
	const Person *person;
	const char *today;
	Actor *actor;
} Mandate;

static gboolean is_listed(const char *list, const char *staff, const GPtrArray *posts)
{
	g_auto(GStrv) entries = g_strsplit(list, ",", -1);

	for (char **entry = entries; *entry != NULL; entry++) {
		const char *text = g_strstrip(*entry);

		if (g_str_has_prefix(text, "staff:") && g_strcmp0(text + 6, staff) == 0)
			return TRUE;
		if (g_str_has_prefix(text, "post:") && posts != NULL &&
		    g_ptr_array_find_with_equal_func((GPtrArray *) posts, text + 5, g_str_equal,
						     NULL))
			return TRUE;
	}
	return FALSE;
}

gboolean mandate_lists(const House *house, const char *section, Role role, const char *staff,
		       const GPtrArray *posts)
{
	const GPtrArray *lines = config_lines(house->config);

	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];
		Role named;

		if (g_str_equal(line->section, section) &&
		    role_table_find(house->role_table, line->key, &named) && named == role &&
		    is_listed(line->value, staff, posts))
			return TRUE;
	}
	return FALSE;
}

static RoleSet listed_roles(const House *house, const char *staff, const GPtrArray *posts)
{
	RoleSet roles = 0;

	for (int role = 0; role < _ROLE_MAX; role++)
		if (mandate_lists(house, ROLES, (Role) role, staff, posts))
			roles |= ROLE_SET(role);
	return roles;
}

/* Levels too that carry no role of their own (副CISO). */
static GPtrArray *listed_titles(const House *house, const char *staff, const GPtrArray *posts)
{
	GPtrArray *titles = g_ptr_array_new_with_free_func(g_free);
	const GPtrArray *lines = config_lines(house->config);

	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];

		if (g_str_equal(line->section, ROLES) && is_listed(line->value, staff, posts))
			g_ptr_array_add(titles,
					g_strdup(role_table_title(house->role_table, line->key)));
	}
	return titles;
}

static void add_code(GPtrArray *codes, const char *code)
{
	if (!g_ptr_array_find_with_equal_func(codes, code, g_str_equal, NULL))
		g_ptr_array_add(codes, g_strdup(code));
}

static gboolean add_sections(StoreTx *tx, const char *post, GPtrArray *codes, GError **error)
{
	g_autoptr(GPtrArray) sections = store_person_post_sections(tx, post, error);

	for (guint i = 0; sections != NULL && i < sections->len; i++)
		add_code(codes, ((Section *) sections->pdata[i])->code);
	return sections != NULL;
}

/* NULL for none. Takes @codes over. */
static char **as_strv(GPtrArray *codes)
{
	if (codes->len == 0) {
		g_ptr_array_unref(codes);
		return NULL;
	}
	g_ptr_array_set_free_func(codes, NULL);
	g_ptr_array_add(codes, NULL);
	return (char **) g_ptr_array_free(codes, FALSE);
}

/* セキュリティ管理者 is who holds the manager's post of a section (T06); with the role by
 * configuration it is that person's own section. */
static gboolean take_sections(const Mandate *mandate, GError **error)
{
	g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func(g_free);
	Actor *actor = mandate->actor;

	for (guint i = 0; i < actor->posts->len; i++)
		if (!add_sections(mandate->tx, actor->posts->pdata[i], codes, error))
			return FALSE;
	if ((actor->roles & MANAGER) != 0 && mandate->person->section != NULL)
		add_code(codes, mandate->person->section);
	actor->sections = as_strv(g_steal_pointer(&codes));
	if (actor->sections != NULL)
		actor->roles |= MANAGER;
	return TRUE;
}

gboolean mandate_of_post(House *house, StoreTx *tx, const char *post, RoleSet *ret_roles,
			 char ***ret_sections, GError **error)
{
	g_autoptr(GPtrArray) posts = g_ptr_array_new();
	g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func(g_free);
	RoleSet roles;

	g_ptr_array_add(posts, (gpointer) post);
	roles = listed_roles(house, NULL, posts);
	if (!add_sections(tx, post, codes, error))
		return FALSE;
	if (codes->len > 0)
		roles |= MANAGER;
	*ret_sections = as_strv(g_steal_pointer(&codes));
	*ret_roles = roles & ~NOT_DELEGATED;
	return TRUE;
}

static GArray *ids_of(const GPtrArray *persons)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));

	for (guint i = 0; i < persons->len; i++)
		g_array_append_val(ids, ((Person *) persons->pdata[i])->id);
	return ids;
}

/* Of one level: what the principal has as a deputy is not passed on. */
static gboolean take_place(const Mandate *mandate, const Delegation *delegation, GError **error)
{
	g_autoptr(GPtrArray) holders =
		incumbent_of(mandate->tx, delegation->from_post, mandate->today, error);
	Actor *actor = mandate->actor;
	ActorDeputy *deputy;
	RoleSet roles;
	char **sections;

	if (holders == NULL || !mandate_of_post(mandate->house, mandate->tx, delegation->from_post,
						&roles, &sections, error))
		return FALSE;
	deputy = g_new0(ActorDeputy, 1);
	deputy->delegation = g_strdup(delegation->id);
	deputy->post = g_strdup(delegation->from_post);
	deputy->order = g_strdup(delegation->order);
	deputy->roles = roles;
	deputy->sections = sections;
	deputy->holders = ids_of(holders);
	g_ptr_array_add(actor->deputies, deputy);
	actor->deputy |= roles & ~actor->roles;
	return TRUE;
}

static gboolean take_places(const Mandate *mandate, GError **error)
{
	Actor *actor = mandate->actor;

	actor->deputies = g_ptr_array_new_with_free_func((GDestroyNotify) op_actor_deputy_free);
	for (guint i = 0; i < actor->posts->len; i++) {
		g_autoptr(GPtrArray) list = store_delegation_to(mandate->tx, actor->posts->pdata[i],
								mandate->today, error);

		for (guint j = 0; list != NULL && j < list->len; j++)
			if (!take_place(mandate, list->pdata[j], error))
				return FALSE;
		if (list == NULL)
			return FALSE;
	}
	actor->roles |= actor->deputy;
	return TRUE;
}

static gboolean add_entry(StoreTx *tx, const char *entry, const char *date, GPtrArray *persons,
			  GError **error)
{
	g_autoptr(GPtrArray) holders = NULL;
	g_autoptr(Person) person = NULL;

	if (g_str_has_prefix(entry, "post:")) {
		holders = incumbent_of(tx, entry + 5, date, error);
		if (holders == NULL)
			return FALSE;
		g_ptr_array_extend_and_steal(persons, g_steal_pointer(&holders));
		return TRUE;
	}
	if (!g_str_has_prefix(entry, "staff:"))
		return TRUE;
	if (!store_person_find(tx, entry + 6, &person, error))
		return FALSE;
	if (person != NULL && person_is_eligible(person, date))
		g_ptr_array_add(persons, g_steal_pointer(&person));
	return TRUE;
}

GPtrArray *mandate_holders(House *house, StoreTx *tx, Role role, const char *date, GError **error)
{
	g_autoptr(GPtrArray) persons = g_ptr_array_new_with_free_func((GDestroyNotify) person_free);
	const GPtrArray *lines = config_lines(house->config);

	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];
		g_auto(GStrv) entries = NULL;
		Role named;

		if (!g_str_equal(line->section, ROLES) ||
		    !role_table_find(house->role_table, line->key, &named) || named != role)
			continue;
		entries = g_strsplit(line->value, ",", -1);
		for (char **entry = entries; *entry != NULL; entry++)
			if (!add_entry(tx, g_strstrip(*entry), date, persons, error))
				return NULL;
	}
	return g_steal_pointer(&persons);
}

/* Whether somebody stands in for a post that carries @role. */
static gboolean has_deputy(const Mandate *mandate, Role role, gboolean *ret_has, GError **error)
{
	g_autoptr(GPtrArray) list = store_delegation_in_force(mandate->tx, mandate->today, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Delegation *delegation = list->pdata[i];
		g_autoptr(GPtrArray) posts = g_ptr_array_new();
		g_autoptr(GPtrArray) holders = NULL;

		g_ptr_array_add(posts, delegation->from_post);
		if (!mandate_lists(mandate->house, ROLES, role, NULL, posts))
			continue;
		holders = incumbent_of(mandate->tx, delegation->to_post, mandate->today, error);
		if (holders == NULL)
			return FALSE;
		*ret_has = *ret_has || holders->len > 0;
	}
	return list != NULL;
}

/* "If no system-admin is left, the chief acts." */
static gboolean take_over(const Mandate *mandate, GError **error)
{
	Actor *actor = mandate->actor;
	g_autoptr(GPtrArray) holders = NULL;
	gboolean has = FALSE;

	if ((actor->roles & ~actor->deputy & CHIEF) == 0 || (actor->roles & ADMIN) != 0)
		return TRUE;
	holders = mandate_holders(mandate->house, mandate->tx, ROLE_SYSTEM_ADMIN, mandate->today,
				  error);
	if (holders == NULL)
		return FALSE;
	if (holders->len > 0)
		return TRUE;
	if (!has_deputy(mandate, ROLE_SYSTEM_ADMIN, &has, error))
		return FALSE;
	if (!has) {
		actor->acting = ADMIN;
		actor->roles |= ADMIN;
	}
	return TRUE;
}

static gboolean take_grants(const Mandate *mandate, GError **error)
{
	Actor *actor = mandate->actor;
	g_autoptr(GPtrArray) list =
		store_grant_open(mandate->tx, actor->person, mandate->actor->at, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const RoleGrant *grant = list->pdata[i];
		Role role;

		if (!role_parse(grant->role, &role) || (actor->roles & ROLE_SET(role)) != 0)
			continue;
		g_free(actor->grant);
		actor->grant = g_strdup(grant->id);
		actor->granted |= ROLE_SET(role);
		actor->roles |= ROLE_SET(role);
	}
	return list != NULL;
}

/* [policy] roles-apart: "auditor/custodian" takes the first from whoever has both (N05). */
static void take_apart(const Mandate *mandate)
{
	Actor *actor = mandate->actor;
	const char *text =
		config_policy_text(mandate->house->config, POLICY_ROLES_APART, mandate->today);
	g_auto(GStrv) pairs = g_strsplit(text, ",", -1);
	RoleSet had = actor->roles;

	for (char **pair = pairs; *pair != NULL; pair++) {
		char *slash = strchr(g_strstrip(*pair), '/');
		Role first, second;

		if (slash == NULL)
			continue;
		*slash = '\0';
		if (role_parse(*pair, &first) && role_parse(slash + 1, &second) &&
		    (had & ROLE_SET(first)) != 0 && (had & ROLE_SET(second)) != 0)
			actor->roles &= ~ROLE_SET(first);
	}
	actor->deputy &= actor->roles;
	actor->granted &= actor->roles;
}

static gboolean keep_apart(const Mandate *mandate, GError **error)
{
	g_autofree char *subject = g_strconcat("staff:", mandate->actor->id, NULL);
	g_autofree char *exception = NULL;
	Op op = { .house = mandate->house, .actor = mandate->actor, .now = mandate->actor->at };

	if (!exception_covers(mandate->tx, &op, "separation", subject, &exception, error))
		return FALSE;
	if (exception == NULL)
		take_apart(mandate);
	return TRUE;
}

gboolean mandate_fill(House *house, StoreTx *tx, const Person *person, Actor *actor, GError **error)
{
	g_autofree char *today = clock_date(actor->at);
	Mandate mandate = { house, tx, person, today, actor };

	if (!person_is_eligible(person, today))
		return TRUE;
	actor->roles |= ROLE_SET(ROLE_HOLDER);
	actor->posts = incumbent_posts(tx, person, today, error);
	if (actor->posts == NULL)
		return FALSE;
	actor->roles |= listed_roles(house, person->staff, actor->posts);
	actor->titles = listed_titles(house, person->staff, actor->posts);
	if (!take_sections(&mandate, error) || !take_places(&mandate, error) ||
	    !take_over(&mandate, error) || !take_grants(&mandate, error))
		return FALSE;
	return keep_apart(&mandate, error);
}
