/* SPDX-License-Identifier: Apache-2.0
 * 所属替: the card stays with its holder and goes on under another designation of the same
 * authority; the other section's manager takes over (row 23). */
#pragma once

#include "daemon/op/op.h"

gboolean re_home_card(Op *op, const char *card, const char *section,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
