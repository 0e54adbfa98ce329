/* SPDX-License-Identifier: Apache-2.0
 * The coded criteria of 職権停止. Every one of them follows an order that was not obeyed. */
#include "daemon/core/stop_criterion.h"

static const StopCriterion rows[] = {
	{ "violation", "規程違反の中止命令に従わない", "N82" },
	{ "misuse", "目的外の利用をやめない", "N82" },
	{ "lending", "カードの貸与・共用をやめない", "N82" },
	{ "return", "返納の命令に従わない", "N44" },
	{ "leak", "情報漏えいのおそれがあり調査に応じない", "N44" },
	{ "identity", "在職・所属の確認に応じない", "N44" },
};

const StopCriterion *stop_criterion_find(const char *code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_strcmp0(rows[i].code, code) == 0)
			return &rows[i];
	return NULL;
}

char *stop_criterion_choices(void)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", rows[i].code);
	return g_string_free(text, FALSE);
}
