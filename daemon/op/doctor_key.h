/* SPDX-License-Identifier: Apache-2.0
 * doctor: keys whose algorithm is not allowed any more (N12). */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

/* Appends findings about the CA's key and the keys of the cards in use. */
gboolean doctor_key_examine(StoreTx *tx, const Op *op, json_t *findings,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
