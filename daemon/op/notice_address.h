/* SPDX-License-Identifier: Apache-2.0
 * Who is reached how: a notice's receiver → mail addresses, as [mail] and the posts of a day
 * say. */
#pragma once

#include "daemon/op/op.h"

/* Addresses on @date of "post:…", "staff:…", "role:…", "section:…": its own line of [mail], or
 * those of whoever it stands for (a section's post, a post's holders, a role's bearers of [roles]).
 * Empty when there is none. Array of char *, each once. */
GPtrArray *notice_address_find(StoreTx *tx, const Config *config, const char *receiver,
			       const char *date, GError **error) G_GNUC_WARN_UNUSED_RESULT;
