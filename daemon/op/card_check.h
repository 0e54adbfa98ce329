/* SPDX-License-Identifier: Apache-2.0
 * カードチェック: the card is there and is itself; sets ｶｰﾄﾞﾁｪｯｸ日 of the card register (T48). */
#pragma once

#include "daemon/op/op.h"

gboolean card_check(Op *op, const char *card, const char *reader,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
