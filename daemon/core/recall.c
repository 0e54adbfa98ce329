/* SPDX-License-Identifier: Apache-2.0
 * Reasons of a recall as a table. */
#include "daemon/core/recall.h"

/* clang-format off */
static const struct {
	const char *name;
	const char *ja;
	RevocationReason revocation;
} reasons[_RECALL_REASON_MAX] = {
	[RECALL_TRANSFER]          = { "TRANSFER",          "人事異動", REVOCATION_AFFILIATION_CHANGED },
	[RECALL_RETIREMENT]        = { "RETIREMENT",        "退職",     REVOCATION_CESSATION },
	[RECALL_DESIGNATION_ENDED] = { "DESIGNATION_ENDED", "指定削除", REVOCATION_AFFILIATION_CHANGED },
	[RECALL_RENEWAL]           = { "RENEWAL",           "更新",     REVOCATION_SUPERSEDED },
	[RECALL_CONTRACT_END]      = { "CONTRACT_END",      "契約満了", REVOCATION_CESSATION },
	[RECALL_REISSUE]           = { "REISSUE",           "再発行",   REVOCATION_SUPERSEDED },
	[RECALL_DAMAGE]            = { "DAMAGE",            "損傷",     REVOCATION_SUPERSEDED },
	[RECALL_TEMPORARY_OVER]    = { "TEMPORARY_OVER",    "臨時貸与終了", REVOCATION_CESSATION },
	[RECALL_OTHER]             = { "OTHER",             "その他",   REVOCATION_CESSATION },
};
/* clang-format on */

const char *recall_name(RecallReason reason)
{
	return reasons[reason].name;
}

const char *recall_ja(RecallReason reason)
{
	return reasons[reason].ja;
}

RevocationReason recall_revocation(RecallReason reason)
{
	return reasons[reason].revocation;
}

gboolean recall_parse(const char *name, RecallReason *ret_reason)
{
	for (int i = 0; i < _RECALL_REASON_MAX; i++)
		if (g_strcmp0(reasons[i].name, name) == 0) {
			*ret_reason = (RecallReason) i;
			return TRUE;
		}
	return FALSE;
}

char *recall_choices(void)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < _RECALL_REASON_MAX; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", reasons[i].name);
	return g_string_free(text, FALSE);
}
