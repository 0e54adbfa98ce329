/* SPDX-License-Identifier: Apache-2.0
 * Whom something is for. */
#include "daemon/op/owner.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/store/store_person.h"

static gboolean check_post(StoreTx *tx, const char *post, gboolean *ret_is_known, GError **error)
{
	g_autoptr(GPtrArray) sections = store_person_post_sections(tx, post, error);

	*ret_is_known = sections != NULL && sections->len > 0;
	return sections != NULL;
}

static gboolean check_section(StoreTx *tx, const char *code, gboolean *ret_is_known, GError **error)
{
	g_autoptr(Section) section = NULL;

	if (!store_person_find_section(tx, code, &section, error))
		return FALSE;
	*ret_is_known = section != NULL;
	return TRUE;
}

static gboolean check_staff(StoreTx *tx, const char *staff, gboolean *ret_is_known, GError **error)
{
	g_autoptr(Person) person = NULL;

	if (!store_person_find(tx, staff, &person, error))
		return FALSE;
	*ret_is_known = person != NULL;
	return TRUE;
}

static gboolean check_role(StoreTx *tx, const char *name, gboolean *ret_is_known, GError **error)
{
	Role role;

	(void) tx, (void) error;
	*ret_is_known = role_parse(name, &role);
	return TRUE;
}

static gboolean holds_post(StoreTx *tx, const Op *op, const char *post, gboolean *ret_is,
			   GError **error)
{
	g_autoptr(GPtrArray) sections = store_person_post_sections(tx, post, error);
	g_autoptr(Person) person = NULL;

	if (sections == NULL || op->actor->person == 0)
		return sections != NULL;
	person = store_person_by_id(tx, op->actor->person, error);
	for (guint i = 0; person != NULL && i < sections->len; i++)
		if (person_holds_post(person, sections->pdata[i], post))
			*ret_is = TRUE;
	return person != NULL;
}

static gboolean manages(StoreTx *tx, const Op *op, const char *code, gboolean *ret_is,
			GError **error)
{
	(void) tx, (void) error;
	*ret_is = op_manages(op, code);
	return TRUE;
}

static gboolean has_role(StoreTx *tx, const Op *op, const char *name, gboolean *ret_is,
			 GError **error)
{
	Role role;

	(void) tx, (void) error;
	*ret_is = role_parse(name, &role) && (op->actor->roles & ROLE_SET(role)) != 0;
	return TRUE;
}

static gboolean is_staff(StoreTx *tx, const Op *op, const char *staff, gboolean *ret_is,
			 GError **error)
{
	(void) tx, (void) error;
	*ret_is = op->actor->person != 0 && g_str_equal(op->actor->id, staff);
	return TRUE;
}

static const struct {
	const char *prefix;
	gboolean (*check)(StoreTx *tx, const char *value, gboolean *ret_is_known, GError **error);
	gboolean (*is)(StoreTx *tx, const Op *op, const char *value, gboolean *ret_is,
		       GError **error);
} kinds[] = {
	{ "post:", check_post, holds_post },
	{ "section:", check_section, manages },
	{ "role:", check_role, has_role },
	{ "staff:", check_staff, is_staff },
};

gboolean owner_check(StoreTx *tx, const char *owner, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		gboolean is_known = FALSE;

		if (!g_str_has_prefix(owner, kinds[i].prefix))
			continue;
		if (!kinds[i].check(tx, owner + strlen(kinds[i].prefix), &is_known, error))
			return FALSE;
		return is_known || error_set(error, ERROR_NOT_FOUND,
					     N_("\"%s\" is nobody here; look at `opcardctl section "
						"list` and `opcardctl staff list`"),
					     owner);
	}
	return error_set(error, ERROR_USAGE,
			 N_("\"%s\" is no owner; write post:NAME, section:CODE, role:NAME or "
			    "staff:NUMBER"),
			 owner);
}

gboolean owner_is(StoreTx *tx, const Op *op, const char *owner, gboolean *ret_is, GError **error)
{
	*ret_is = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_has_prefix(owner, kinds[i].prefix))
			return kinds[i].is(tx, op, owner + strlen(kinds[i].prefix), ret_is, error);
	return TRUE;
}
