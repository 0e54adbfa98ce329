/* SPDX-License-Identifier: Apache-2.0
 * What a ledger record says of the powers it was done with: 代決, the chief in place of the
 * system-admin, a role taken for a time. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

typedef struct RecordMark {
	const char *kind;
	const char *section; /* code, of the card; or NULL */
	const char *subject; /* card number, application … */
} RecordMark;

/* Adds to @body "deputy" {"post","order","delegation"}, "acting" and "breakGlass" where they apply,
 * and opens the 後閲 item of a deputy's act. */
gboolean record_mark(StoreTx *tx, const Op *op, const RecordMark *mark, json_t *body,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
