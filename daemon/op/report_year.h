/* SPDX-License-Identifier: Apache-2.0
 * The two letters of a fiscal year: the internal audit (第28条, T43) and the state of operation
 * that is told to the assembly and published (K12). Both need --fiscal-year. */
#pragma once

#include "daemon/op/report.h"

/* Cards by kind and section, every article with its evidence. What this version does not record is
 * said to be so. */
gboolean report_year_audit(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Numbers beside those of the year before, by month, and the accidents; no person is named. */
gboolean report_year_operation(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
