/* SPDX-License-Identifier: Apache-2.0
 * Accounts → persons → roles. */
#include "daemon/api/principal.h"

#include <unistd.h>

#include "daemon/api/principal_certificate.h"
#include "daemon/base/error.h"
#include "daemon/op/exception.h"
#include "daemon/op/mandate.h"
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
	return mandate_fill(house, tx, person, actor, error);
}

Actor *principal_of_staff(House *house, StoreTx *tx, const char *staff, gint64 now, GError **error)
{
	g_autoptr(Actor) actor = g_new0(Actor, 1);

	actor->at = now;
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
	actor->at = now;
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
