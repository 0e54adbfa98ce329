/* SPDX-License-Identifier: Apache-2.0
 * 監査資料: what the yearly audit (第28条) looks at, in one file. Its table names for every article
 * the evidence and a judgement; what is not recorded anywhere is said to be so. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

/* The zip file for the fiscal year ("2026"), made from one snapshot: every list as PDF and CSV, the
 * table, and the SHA-256 of each. Recorded. No transaction may be open. */
GBytes *pack_make(Op *op, const char *fiscal_year, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The table alone, within @tx: rows with article, content, evidence, count, judgement and note. */
json_t *pack_articles(StoreTx *tx, const Op *op, const char *fiscal_year,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
