/* SPDX-License-Identifier: Apache-2.0
 * The levels of an office as data (I01, N01): a template names each level, the role it carries and
 * what it is called. Without one the names are those of role.c. */
#pragma once

#include "daemon/base/config.h"
#include "daemon/core/role.h"

typedef struct RoleLevel {
	char *key;    /* as in [roles]: "chief", "vice-chief" */
	char *name;   /* 日本語: CISO, 副CISO */
	gint64 level; /* 1 = the highest */
	Role role;    /* _ROLE_MAX: none of its own (acts by delegation) */
} RoleLevel;

typedef struct RoleTable RoleTable;

/* By `[roles] template`: a name (roles-NAME.conf beside the forms) or an absolute path. ERROR_USAGE
 * with file and line. */
RoleTable *role_table_load(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void role_table_free(RoleTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RoleTable, role_table_free)

/* What a key of [roles] means: TRUE with the role, _ROLE_MAX for a level without one. @table may be
 * NULL here and below. */
gboolean role_table_find(const RoleTable *table, const char *key, Role *ret_role);
/* What the office calls a key of [roles], or a role. */
const char *role_table_title(const RoleTable *table, const char *key);
const char *role_table_ja(const RoleTable *table, Role role);
/* The role whose bearers nominate for administrative authorities (N47). */
Role role_table_nominator(const RoleTable *table);
/* "system-admin システム管理者, custodian 暗証番号管理者" as in messages of both languages. Free
 * with g_free. */
char *role_table_names(const RoleTable *table, RoleSet set);
/* The levels, the highest first; NULL after the last. */
const RoleLevel *role_table_level(const RoleTable *table, guint index);
