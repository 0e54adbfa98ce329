/* SPDX-License-Identifier: Apache-2.0
 * Whom something is for: a post, a section, a role or a person, so that it passes to the successor.
 */
#pragma once

#include "daemon/op/op.h"

/* ERROR_USAGE unless it is "post:NAME", "section:CODE", "role:NAME" or "staff:NO" of somebody or
 * something that exists. */
gboolean owner_check(StoreTx *tx, const char *owner, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the caller holds the post, manages the section, has the role, or is the person. */
gboolean owner_is(StoreTx *tx, const Op *op, const char *owner, gboolean *ret_is,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;
