/* SPDX-License-Identifier: Apache-2.0
 * Accounts → persons → roles. */
#include "daemon/api/principal.h"

#include <unistd.h>

#include "daemon/api/principal_certificate.h"
#include "daemon/base/error.h"
#include "daemon/op/exception.h"
#include "daemon/store/store_person.h"

/* What [accounts] says of @key, or NULL. */
static const char *account_value(const House *house, const char *key)
{
	const GPtrArray *lines = config_lines(house->config);

	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];

		if (g_str_equal(line->section, "accounts") &&
		    g_ascii_strcasecmp(line->key, key) == 0)
			return line->value;
	}
	return NULL;
}

static gboolean holds_post(StoreTx *tx, const Person *person, const char *post, gboolean *ret_holds,
			   GError **error)
{
	g_autoptr(GPtrArray) sections = store_person_post_sections(tx, post, error);

	for (guint i = 0; sections != NULL && i < sections->len; i++)
		if (person_holds_post(person, sections->pdata[i], post))
			*ret_holds = TRUE;
	return sections != NULL;
}

static gboolean has_entry(StoreTx *tx, const Person *person, const char *list, gboolean *ret_has,
			  GError **error)
{
	g_auto(GStrv) entries = g_strsplit(list, ",", -1);

	for (char **entry = entries; *entry != NULL; entry++) {
		const char *text = g_strstrip(*entry);

		if (g_str_has_prefix(text, "staff:") && g_str_equal(text + 6, person->staff))
			*ret_has = TRUE;
		if (g_str_has_prefix(text, "post:") &&
		    !holds_post(tx, person, text + 5, ret_has, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean add_roles(House *house, StoreTx *tx, const Person *person, Actor *actor,
			  GError **error)
{
	const GPtrArray *lines = config_lines(house->config);

	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];
		gboolean has = FALSE;
		Role role;

		if (!g_str_equal(line->section, "roles") || !role_parse(line->key, &role))
			continue;
		if (!has_entry(tx, person, line->value, &has, error))
			return FALSE;
		if (has)
			actor->roles |= ROLE_SET(role);
	}
	return TRUE;
}

/* セキュリティ管理者 is who holds the manager's post of a section (T06); with the role by
 * configuration it is that person's own section. */
static gboolean add_sections(StoreTx *tx, const Person *person, Actor *actor, GError **error)
{
	g_autoptr(Section) section = NULL;
	g_autoptr(Person) manager = NULL;
	gboolean is_manager = (actor->roles & ROLE_SET(ROLE_SECTION_MANAGER)) != 0;

	if (person->section == NULL)
		return TRUE;
	if (!store_person_find_section(tx, person->section, &section, error))
		return FALSE;
	if (section != NULL && section->manager_post != NULL) {
		if (!store_person_manager(tx, section, &manager, error))
			return FALSE;
		is_manager = is_manager || (manager != NULL && manager->id == person->id);
	}
	if (!is_manager)
		return TRUE;
	actor->roles |= ROLE_SET(ROLE_SECTION_MANAGER);
	actor->sections = g_strsplit(person->section, ",", 1);
	return TRUE;
}

static gboolean fill(House *house, StoreTx *tx, const char *staff, Actor *actor, GError **error)
{
	g_autoptr(Person) person = NULL;

	if (!store_person_find(tx, staff, &person, error))
		return FALSE;
	if (person == NULL)
		return TRUE;
	g_free(actor->id);
	actor->id = g_strdup(person->staff);
	g_free(actor->name);
	actor->name = g_strdup(person->name);
	actor->person = person->id;
	actor->roles |= ROLE_SET(ROLE_HOLDER);
	return add_roles(house, tx, person, actor, error) && add_sections(tx, person, actor, error);
}

Actor *principal_of_staff(House *house, StoreTx *tx, const char *staff, GError **error)
{
	g_autoptr(Actor) actor = g_new0(Actor, 1);

	if (!fill(house, tx, staff, actor, error))
		return NULL;
	if (actor->person == 0) {
		error_set(error, ERROR_NOT_FOUND, N_("there is no staff number %s"), staff);
		return NULL;
	}
	return g_steal_pointer(&actor);
}

/* Who runs the daemon as an ordinary user may do what uid 0 may, and act as a person beside it,
 * only under a visible exception (N05, N81); without one its account has no role at all. */
static gboolean find_exception(House *house, StoreTx *tx, gint64 now, const char *key,
			       char **ret_id, GError **error)
{
	g_autofree char *subject = g_strconcat("account:", key, NULL);
	Op op = { .house = house, .now = now };

	return exception_covers(tx, &op, "separation", subject, ret_id, error);
}

/* A terminal or a service: the role that stands there, and no person. */
static void take_role(Actor *actor, const char *name)
{
	Role role;

	if (role_parse(name, &role) && (role == ROLE_NIGHT_DESK || role == ROLE_MONITOR))
		actor->roles |= ROLE_SET(role);
}

gboolean principal_take_account(House *house, StoreTx *tx, const char *key, Actor *actor,
				GError **error)
{
	const char *value = account_value(house, key);

	if (value != NULL && g_str_has_prefix(value, "role:"))
		take_role(actor, value + strlen("role:"));
	return value == NULL || !g_str_has_prefix(value, "staff:") ||
	       fill(house, tx, value + strlen("staff:"), actor, error);
}

Actor *principal_resolve(House *house, StoreTx *tx, const HttpPeer *peer, gint64 now,
			 GError **error)
{
	g_autoptr(Actor) actor = NULL;
	g_autofree char *key = g_strdup_printf("uid:%u", (unsigned) peer->uid);
	gboolean is_daemon;

	if (peer->certificate != NULL)
		return principal_certificate_resolve(house, tx, peer->certificate, now, error);
	if (!peer->is_local) {
		error_set(error, ERROR_DENIED, N_("this listener knows no accounts"));
		return NULL;
	}
	actor = g_new0(Actor, 1);
	actor->id = g_strdup(peer->uid == 0 ? "root" : key);
	actor->name = g_strdup(actor->id);
	is_daemon = peer->uid == geteuid() && peer->uid != 0;
	if (is_daemon && !find_exception(house, tx, now, key, &actor->exception, error))
		return NULL;
	if (peer->uid == 0 || actor->exception != NULL)
		actor->roles |= ROLE_SET(ROLE_ROOT);
	/* uid 0 never acts as a person, whatever stands in [accounts]: it could approve otherwise.
	 */
	if (peer->uid == 0 || (is_daemon && actor->exception == NULL))
		return g_steal_pointer(&actor);
	if (!principal_take_account(house, tx, key, actor, error))
		return NULL;
	return g_steal_pointer(&actor);
}
