/* SPDX-License-Identifier: Apache-2.0
 * The registers of the rules' own records: exceptions (N81), findings (N84), work records (N56). */
#pragma once

#include "daemon/op/report.h"

gboolean report_rule_exceptions(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean report_rule_findings(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean report_rule_works(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The findings of the report's time as rows for a letter; one row that says so when there are none.
 */
json_t *report_rule_finding_rows(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Changes of configuration and program, as rows of 構成管理簿. */
gboolean report_rule_changes(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
