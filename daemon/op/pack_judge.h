/* SPDX-License-Identifier: Apache-2.0
 * The table article → evidence → ✔ or ✘. ✔ says that the evidence is there and shows no breach;
 * everything else is ✘ with the reason. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

typedef enum PackPart {
	PACK_ISSUE,
	PACK_CARD,
	PACK_CHECK,
	PACK_UNCOLLECTED,
	PACK_PIN,
	PACK_DISPOSAL,
	PACK_LOSSES,
	PACK_PRINTS,
	PACK_CONFIGURATION,
	PACK_APPLICATIONS,
	PACK_EXCEPTIONS,
	PACK_FINDINGS,
	PACK_WORKS,
	PACK_ANALYSIS,
	_PACK_PART_MAX
} PackPart;

typedef struct Pack {
	json_t *data[_PACK_PART_MAX]; /* {"values","rows"} */
	json_t *index;                /* the same for forms/lists/audit-pack.form */
	int fiscal_year;              /* of the evidence */
	guint met, unmet;
} Pack;

/* Fills index, met and unmet. */
gboolean pack_judge(StoreTx *tx, const Op *op, Pack *pack,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
