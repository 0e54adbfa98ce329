/* SPDX-License-Identifier: Apache-2.0
 * Lists that are read off the ledger: 廃棄記録, 操作履歴開示, the log of prints; and 構成管理簿. */
#pragma once

#include "daemon/op/report.h"

gboolean report_trail_disposal(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was done with the cards of one person, or with one card. */
gboolean report_trail_disclosure(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Who printed what, when, how many pages and where; failures too. */
gboolean report_trail_prints(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Readers, programs, CA and cards as they are today (I08). */
gboolean report_trail_configuration(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
