/* SPDX-License-Identifier: Apache-2.0
 * What stands between the house and a bad day: backups, work that waits for a person, reports that
 * are not in the register yet. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

gboolean doctor_backup_examine(StoreTx *tx, const Op *op, json_t *findings,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
