/* SPDX-License-Identifier: Apache-2.0
 * Loss and theft: the list of cases, and the report on one of them with what prevents the next. */
#pragma once

#include "daemon/op/report.h"

/* Cases opened in the time reported, oldest first. */
gboolean report_case_losses(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* 紛失・盗難報告 of one case: values, and the table 経過 of what was done. */
gboolean report_case_incident(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Losses, thefts and leaked PINs of the time reported, without persons and numbers: rows of
 * issuedOn, content, measure. */
json_t *report_case_accidents(Report *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
