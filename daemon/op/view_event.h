/* SPDX-License-Identifier: Apache-2.0
 * The ledger as JSON: a card's history and the audit records. */
#pragma once

#include "daemon/audit/audit.h"
#include "daemon/op/view.h"

/* {"events":[…]}: everything that ever happened to @card. */
json_t *view_event_history(StoreTx *tx, const char *card, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A page of records; "next" is the last sequence number as text. */
json_t *view_event_list(StoreTx *tx, const LedgerFilter *filter,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"ok","count","head","firstBad","reasonEn","reasonJa"}. */
json_t *view_event_verdict(const AuditVerdict *verdict);
