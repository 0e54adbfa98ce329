/* SPDX-License-Identifier: Apache-2.0
 * JSON views of the rules' own records. Pages begin after the number @after (NULL = the first). */
#pragma once

#include <jansson.h>

#include "daemon/op/exception.h"
#include "daemon/op/finding.h"
#include "daemon/op/work_record.h"

json_t *view_rule_exception(const Op *op, const Exception *row) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_rule_exceptions(StoreTx *tx, const Op *op, gboolean is_open, const char *after,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_rule_finding(const Op *op, const AuditFinding *row) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_rule_findings(StoreTx *tx, const Op *op, const char *after,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_rule_work(const WorkRow *row) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_rule_works(StoreTx *tx, gboolean is_waiting, const char *after,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_rule_orders(StoreTx *tx, const char *after, GError **error) G_GNUC_WARN_UNUSED_RESULT;
