/* SPDX-License-Identifier: Apache-2.0
 * Receiving cards (受入): a box list, or a few numbers typed in. A card that is already registered
 * just so counts as unchanged. */
#pragma once

#include "daemon/op/import_result.h"
#include "daemon/op/op.h"

typedef struct ImportCardRow {
	gint64 line;
	char *card; /* face number; full-width letters are folded */
	char *kind; /* "operator" when absent */
	char *chip_serial;
	char *place; /* 保管場所; the custodian's safe when absent */
} ImportCardRow;

#define IMPORT_CARD_MAX 10000

typedef struct ImportCardRequest {
	char *file;
	GPtrArray *rows; /* ImportCardRow */
} ImportCardRequest;

/* Event receive for every new card, by a custodian, in one transaction. As import_staff(). */
gboolean import_card(Op *op, const ImportCardRequest *request, ImportResult *ret_result,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
