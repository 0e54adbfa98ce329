/* SPDX-License-Identifier: Apache-2.0
 * Kinds of cases: what a report opens, and what a person writes down (N62, K11). */
#include "daemon/op/case_kind.h"

/* clang-format off */
static const struct {
	const char *name;
	const char *ja;
	const char *en;
	gboolean is_by_hand;
	gboolean is_loss;
} kinds[] = {
	{ "lost",       "紛失",             "lost",               FALSE, TRUE },
	{ "stolen",     "盗難",             "stolen",             FALSE, TRUE },
	{ "stock-lost", "保管中紛失",       "lost from the stock", FALSE, TRUE },
	{ "damaged",    "損傷",             "damaged",            FALSE, FALSE },
	{ "pin-leaked", "パスワード漏えい", "PIN leaked",         FALSE, FALSE },
	{ "pin-reset-rejected", "承認されなかった緊急再設定", "urgent reset not approved", FALSE, FALSE },
	{ "fault",      "障害",             "fault",              TRUE,  FALSE },
	{ "incident",   "事故",             "incident",           TRUE,  FALSE },
};
/* clang-format on */

static int find(const char *kind)
{
	for (int i = 0; i < (int) G_N_ELEMENTS(kinds); i++)
		if (g_strcmp0(kinds[i].name, kind) == 0)
			return i;
	return -1;
}

const char *case_kind_ja(const char *kind)
{
	int i = find(kind);

	return i >= 0 ? kinds[i].ja : kind;
}

const char *case_kind_en(const char *kind)
{
	int i = find(kind);

	return i >= 0 ? kinds[i].en : kind;
}

gboolean case_kind_is_by_hand(const char *kind)
{
	int i = find(kind);

	return i >= 0 && kinds[i].is_by_hand;
}

gboolean case_kind_is_loss(const char *kind)
{
	int i = find(kind);

	return i >= 0 && kinds[i].is_loss;
}

char *case_kind_choices(void)
{
	GString *names = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (kinds[i].is_by_hand)
			g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
					       kinds[i].name);
	return g_string_free(names, FALSE);
}
