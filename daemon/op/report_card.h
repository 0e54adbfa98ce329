/* SPDX-License-Identifier: Apache-2.0
 * Lists of cards as they stood on a day, in 建制順: 未回収一覧 and カードチェック結果. */
#pragma once

#include "daemon/op/report.h"

/* Cards whose collection duty was open at the end of the day. */
gboolean report_card_uncollected(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those of people who left: a list for the personnel section (N22). */
gboolean report_card_leavers(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every card that somebody had, with its last check in the time reported, or 未確認. */
gboolean report_card_check(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
