/* SPDX-License-Identifier: Apache-2.0
 * Case files as JSON. */
#pragma once

#include "daemon/op/view.h"
#include "daemon/store/store_duty.h"

json_t *view_case_one(StoreTx *tx, const CaseFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By number; @section NULL = of every one. @after is "next" of the page before. */
json_t *view_case_list(StoreTx *tx, const char *section, const char *after, int limit,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
