/* SPDX-License-Identifier: Apache-2.0
 * 臨時カード: a spare of the kind "temporary" is made and handed over in one go for a holder whose
 * own card was left at home and is suspended meanwhile (row 25). */
#pragma once

#include "daemon/op/op.h"

typedef struct LendRequest {
	const char *card; /* the spare of the kind "temporary" */
	const char *staff;
	const char *reader;
	const Secret *pin; /* the holder chooses one for the day */
} LendRequest;

gboolean lend_temporary(Op *op, const LendRequest *request,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* In the transaction of its 返納: the hold FORGOTTEN of the holder's own card ends. */
gboolean lend_temporary_returned(StoreTx *tx, Op *op, const Card *card,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
