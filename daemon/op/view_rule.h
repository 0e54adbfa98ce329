/* SPDX-License-Identifier: Apache-2.0
 * JSON views of the rules' own records. */
#pragma once

#include <jansson.h>

#include "daemon/op/exception.h"

json_t *view_rule_exception(const Op *op, const Exception *row) G_GNUC_WARN_UNUSED_RESULT;
/* A page; @after is the last number of the page before or NULL. */
json_t *view_rule_exceptions(StoreTx *tx, const Op *op, gboolean is_open, const char *after,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
