/* SPDX-License-Identifier: Apache-2.0
 * Who is reached how: a notice's receiver → mail addresses, as [mail] and the staff list say now.
 */
#pragma once

#include "daemon/op/op.h"

/* Addresses at @now of "post:…", "staff:…", "role:…", "section:…": its own line of [mail], or those
 * of whoever it stands for (a section's post, a post's holders, a role's bearers of [roles]). Empty
 * when there is none. Array of char *, each once. */
GPtrArray *notice_address_find(StoreTx *tx, const Config *config, const char *receiver, gint64 now,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
