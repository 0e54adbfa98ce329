/* SPDX-License-Identifier: Apache-2.0
 * `status`: how things stand, and what somebody should look at. */
#pragma once

#include "daemon/op/op.h"

/* What only the daemon's watchers know. */
typedef struct StatusSight {
	json_t *readers;           /* borrowed: items of GET /readers, or NULL */
	const char *missing_walls; /* cage_report_text() of the children, or NULL */
} StatusSight;

/* {"version","cards":{state:count},"pin","directory","crl","expiring","audit","readers","problems"}.
 * Every state is there, also with 0. */
json_t *status_read(StoreTx *tx, const Op *op, const StatusSight *sight,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
