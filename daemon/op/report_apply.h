/* SPDX-License-Identifier: Apache-2.0
 * 申請一覧: the archive of applications and who approved them (N20). */
#pragma once

#include "daemon/op/report.h"

/* Applications opened in the time reported, by number. */
gboolean report_apply_list(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
