/* SPDX-License-Identifier: Apache-2.0
 * Why a card is to come back, and what its certificate is revoked for when it does. */
#pragma once

#include "daemon/core/certificate.h"

typedef enum RecallReason {
	RECALL_TRANSFER,
	RECALL_RETIREMENT,
	RECALL_DESIGNATION_ENDED,
	RECALL_RENEWAL,
	RECALL_CONTRACT_END,
	RECALL_REISSUE,
	RECALL_DAMAGE,
	RECALL_TEMPORARY_OVER, /* 臨時カード not back at midnight */
	RECALL_OTHER,
	_RECALL_REASON_MAX,
} RecallReason;

const char *recall_name(RecallReason reason);
const char *recall_ja(RecallReason reason);
RevocationReason recall_revocation(RecallReason reason);
gboolean recall_parse(const char *name, RecallReason *ret_reason);
/* "TRANSFER, RETIREMENT, …". Free with g_free. */
char *recall_choices(void);
