/* SPDX-License-Identifier: Apache-2.0
 * 操作履歴の解析 (Art. 16(2), T33): once a year the trail is looked through for what should not be
 * there, and a person signs for having read it. */
#pragma once

#include "daemon/op/report.h"

/* Maker of the report "operation-analysis": rows {"category","number","name","count","content"}. */
gboolean trail_report_make(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Signs for the analysis of a fiscal year as it is now: {"fiscalYear","rows","sha256"}, recorded.
 * Only a person can. */
json_t *trail_report_sign(Op *op, const char *fiscal_year, const char *note,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Who signed for @fiscal_year last and when; *ret_by NULL while nobody has. */
gboolean trail_report_signed(StoreTx *tx, const char *fiscal_year, char **ret_by, gint64 *ret_at,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
