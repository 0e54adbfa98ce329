/* SPDX-License-Identifier: Apache-2.0
 * Roles of the regulation (T04–T06, I01, I02) and the person who acts in one. */
#pragma once

#include <glib.h>

typedef enum Role {
	ROLE_HOLDER,             /* 操作者: the own card only */
	ROLE_SECTION_MANAGER,    /* セキュリティ管理者: the own section only */
	ROLE_CUSTODIAN,          /* 暗証番号管理者 */
	ROLE_SYSTEM_ADMIN,       /* システム管理者 */
	ROLE_CHIEF,              /* セキュリティ統括管理者 */
	ROLE_DEPARTMENT_MANAGER, /* 情報セキュリティ責任者: of a department (N01, N47)
				  */
	ROLE_AUDITOR,            /* 監査: reads everything, changes nothing */
	ROLE_NIGHT_DESK,         /* 宿直: may only report a loss */
	ROLE_MONITOR,            /* 監視: may only read the metrics */
	ROLE_ROOT,               /* uid 0: reads, backs up, bootstraps, never approves */
	ROLE_DAEMON,             /* opcardd itself: timers, repair */
	ROLE_ANYONE,             /* every local account: may report a loss */
	_ROLE_MAX,
} Role;

/* A set of roles. */
typedef guint RoleSet;
#define ROLE_SET(role) (1u << (role))

const char *role_name(Role role);
const char *role_ja(Role role);
gboolean role_parse(const char *name, Role *ret_role);
