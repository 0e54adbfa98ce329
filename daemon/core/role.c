/* SPDX-License-Identifier: Apache-2.0
 * Names of the roles. */
#include "daemon/core/role.h"

static const struct {
	const char *name;
	const char *ja;
} roles[_ROLE_MAX] = {
	[ROLE_HOLDER] = { "holder", "操作者" },
	[ROLE_SECTION_MANAGER] = { "section-manager", "セキュリティ管理者" },
	[ROLE_CUSTODIAN] = { "custodian", "暗証番号管理者" },
	[ROLE_SYSTEM_ADMIN] = { "system-admin", "システム管理者" },
	[ROLE_CHIEF] = { "chief", "セキュリティ統括管理者" },
	[ROLE_DEPARTMENT_MANAGER] = { "department-manager", "部の責任者" },
	[ROLE_AUDITOR] = { "auditor", "監査" },
	[ROLE_NIGHT_DESK] = { "night-desk", "宿直" },
	[ROLE_MONITOR] = { "monitor", "監視" },
	[ROLE_ROOT] = { "root", "サーバ管理者" },
	[ROLE_DAEMON] = { "daemon", "opcardd" },
	[ROLE_ANYONE] = { "anyone", "すべての職員" },
};

const char *role_name(Role role)
{
	return roles[role].name;
}

const char *role_ja(Role role)
{
	return roles[role].ja;
}

gboolean role_parse(const char *name, Role *ret_role)
{
	for (int i = 0; i < _ROLE_MAX; i++)
		if (g_strcmp0(roles[i].name, name) == 0) {
			*ret_role = (Role) i;
			return TRUE;
		}
	return FALSE;
}
