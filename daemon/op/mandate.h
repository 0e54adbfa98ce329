/* SPDX-License-Identifier: Apache-2.0
 * What a person may do on a day: posts → roles by [roles], the sections of those posts, the places
 * taken by order (代理・代決), the chief where no system-admin is left, and roles taken for a time.
 * Resolved anew for every request; nothing is granted that is not written. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/store/store_person.h"

/* Fills @actor, whose person is @person, for the moment @actor->at. A person whose term has ended
 * has no role at all. */
gboolean mandate_fill(House *house, StoreTx *tx, const Person *person, Actor *actor,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Who has @role on @date by [roles], posts resolved, without deputies. Array of Person. */
GPtrArray *mandate_holders(House *house, StoreTx *tx, Role role, const char *date,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether [SECTION] of the configuration lists @staff, or one of @posts (char *), under a key for
 * @role. */
gboolean mandate_lists(const House *house, const char *section, Role role, const char *staff,
		       const GPtrArray *posts);
/* The roles the post @post carries, and the sections it manages (g_strfreev), as a deputy would
 * have them. */
gboolean mandate_of_post(House *house, StoreTx *tx, const char *post, RoleSet *ret_roles,
			 char ***ret_sections, GError **error) G_GNUC_WARN_UNUSED_RESULT;
