/* SPDX-License-Identifier: Apache-2.0
 * What must be done once in every fiscal year. */
#include "daemon/core/yearly.h"

#include <stdlib.h>

#define APRIL      4
#define R(role)    ROLE_SET(ROLE_##role)
#define MANAGEMENT (R(SYSTEM_ADMIN) | R(CHIEF))

/* clang-format off */
static const YearlyRow rows[_YEARLY_KIND_MAX] = {
	[YEARLY_AUDIT]        = { "audit",           "内部監査",               "the internal audit",        "T43", POLICY_YEARLY_AUDIT,        R(AUDITOR) | R(CHIEF) },
	[YEARLY_INSPECTION]   = { "self-inspection", "自己点検",               "the self-inspection",       "N85", POLICY_YEARLY_INSPECTION,   MANAGEMENT },
	[YEARLY_CONTINUATION] = { "continuation",    "指定の継続確認（年度切替）", "the yearly confirmation of designations", "K02", POLICY_YEARLY_CONTINUATION, MANAGEMENT },
	[YEARLY_ANALYSIS]     = { "analysis",        "操作履歴の分析",         "the analysis of operation records", "T33", POLICY_YEARLY_ANALYSIS,     MANAGEMENT | R(AUDITOR) },
};
/* clang-format on */

const YearlyRow *yearly_row(YearlyKind kind)
{
	return &rows[kind];
}

gboolean yearly_parse(const char *name, YearlyKind *ret_kind)
{
	for (int i = 0; i < _YEARLY_KIND_MAX; i++)
		if (g_strcmp0(rows[i].name, name) == 0) {
			*ret_kind = (YearlyKind) i;
			return TRUE;
		}
	return FALSE;
}

char *yearly_choices(void)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < _YEARLY_KIND_MAX; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", rows[i].name);
	return g_string_free(text, FALSE);
}

int yearly_fiscal_year(const char *date)
{
	return atoi(date) - (atoi(date + 5) < APRIL ? 1 : 0);
}

char *yearly_begin(int fiscal_year)
{
	return g_strdup_printf("%04d-04-01", fiscal_year);
}

char *yearly_end(int fiscal_year)
{
	return g_strdup_printf("%04d-03-31", fiscal_year + 1);
}

char *yearly_day(int fiscal_year, gint64 month_day)
{
	int month = (int) (month_day / 100), day = (int) (month_day % 100);

	return g_strdup_printf("%04d-%02d-%02d", fiscal_year + (month < APRIL ? 1 : 0), month, day);
}
