/* SPDX-License-Identifier: Apache-2.0
 * The report chain of a loss (T21, N03, N30): whoever must know is told in the same transaction. */
#pragma once

#include "daemon/core/card.h"
#include "daemon/op/op.h"

typedef struct LossNotice {
	const char *event; /* 紛失, 盗難 … as people say it, in Japanese and English */
	const char *event_en;
	const char *case_id; /* or NULL: only suspended, the custodian is to confirm */
} LossNotice;

/* To the system-admin, the chief, the custodian and the manager of the card's section. */
gboolean loss_notice_add(StoreTx *tx, const Op *op, const Card *card, const LossNotice *loss,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
