/* SPDX-License-Identifier: Apache-2.0
 * One person's records for somebody outside: with everything their hashes are made of, the way of
 * each to the root of a checkpoint, the checkpoint and its key (`opcardctl audit check`). */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

#define TRAIL_EXPORT_MAX 20000

/* {"format":"opcard-audit-export/1","staff","madeAt","key":{"id","spki"},"checkpoint",
 *  "records":[{"seq","record","prev","sealed","path":[…],"fields":[…]}]}; hashes and keys in hex.
 * fields are those of audit_record.h in their order: {"text","key"}, or {"mark"} where another
 * person's number is withheld by [policy] disclose-names; [] when the personal part is gone. A
 * record of version 1 has no "sealed", and its fields no "key". Makes a checkpoint first and
 * records the export. */
json_t *trail_export(Op *op, const char *staff, GError **error) G_GNUC_WARN_UNUSED_RESULT;
