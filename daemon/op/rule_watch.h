/* SPDX-License-Identifier: Apache-2.0
 * What `status` says about the rules' own records: the clock, and exceptions that run out. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

/* Appends {"en","ja"} to @problems for each that somebody must act on. */
gboolean rule_watch_add(StoreTx *tx, const Op *op, json_t *problems,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same without the clock. */
gboolean rule_watch_records(StoreTx *tx, const Op *op, json_t *problems,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
