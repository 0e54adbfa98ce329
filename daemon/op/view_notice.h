/* SPDX-License-Identifier: Apache-2.0
 * The outbox as JSON: what was said to whom, and how far it got. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/op/view.h"
#include "daemon/store/store_outbox.h"

/* Newest first, a row a channel. @after is "next" of the page before, or NULL. */
json_t *view_notice_list(StoreTx *tx, OutboxWhich which, const char *after, int limit,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
