/* SPDX-License-Identifier: Apache-2.0
 * Who may put and lift which hold (table A rows 8, 9 and 21). */
#include "daemon/core/hold.h"

#define R(role) ROLE_SET(ROLE_##role)
#define DESK    (R(CUSTODIAN) | R(SYSTEM_ADMIN) | R(SECTION_MANAGER))

/* clang-format off */
static const HoldRule rules[_HOLD_REASON_MAX] = {
	[HOLD_MISSING]     = { "MISSING",     "所在不明",       R(ANYONE),                     R(SYSTEM_ADMIN),                     TRUE,  "T24" },
	[HOLD_FORGOTTEN]   = { "FORGOTTEN",   "忘れ",           R(ANYONE),                     DESK,                                FALSE, "N28" },
	[HOLD_LEAVE]       = { "LEAVE",       "休職等",         R(SECTION_MANAGER) | R(SYSTEM_ADMIN) | R(DAEMON), R(SECTION_MANAGER) | R(SYSTEM_ADMIN), FALSE, "N44" },
	[HOLD_IDLE]        = { "IDLE",        "長期不使用",     R(SYSTEM_ADMIN) | R(DAEMON),   R(SYSTEM_ADMIN) | R(SECTION_MANAGER), FALSE, "N79" },
	[HOLD_ORDER]       = { "ORDER",       "職権停止",       R(SYSTEM_ADMIN) | R(CHIEF) | R(DAEMON), R(SYSTEM_ADMIN),            TRUE,  "N82" },
	[HOLD_PIN_OVERDUE] = { "PIN_OVERDUE", "期限超過",       R(DAEMON),                     0,                                   FALSE, "T27" },
	[HOLD_PIN_LEAKED]  = { "PIN_LEAKED",  "パスワード漏えい", R(ANYONE),                    0,                                   FALSE, "N40" },
	[HOLD_PIN_INITIAL] = { "PIN_INITIAL", "初期パスワード", 0,                              0,                                   FALSE, "N35" },
	[HOLD_UNLISTED]    = { "UNLISTED",    "名簿不在",       R(DAEMON),                     R(SYSTEM_ADMIN),                     FALSE, "N46" },
	[HOLD_UNCHECKED]   = { "UNCHECKED",   "未点検",         0,                             0,                                   FALSE, "T16" },
	[HOLD_EMERGENCY]   = { "EMERGENCY",   "緊急停止",       0,                             0,                                   TRUE,  "K10" },
};
/* clang-format on */

void hold_free(Hold *hold)
{
	if (hold == NULL)
		return;
	g_free(hold->card);
	g_free(hold->scope);
	g_free(hold->by);
	g_free(hold->note);
	g_free(hold);
}

const HoldRule *hold_rule(HoldReason reason)
{
	return &rules[reason];
}

gboolean hold_parse(const char *name, HoldReason *ret_reason)
{
	for (int i = 0; i < _HOLD_REASON_MAX; i++)
		if (g_strcmp0(rules[i].name, name) == 0) {
			*ret_reason = (HoldReason) i;
			return TRUE;
		}
	return FALSE;
}

char *hold_choices(void)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < _HOLD_REASON_MAX; i++)
		if (rules[i].set_by != 0)
			g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
					       rules[i].name);
	return g_string_free(text, FALSE);
}
