/* SPDX-License-Identifier: Apache-2.0
 * What a PIN must be before a card is asked to take it: the regulation's length and what the card
 * accepts (T26, N34). */
#pragma once

#include "daemon/op/at_reader.h"

gboolean pin_rule_check(const Op *op, const Card *card, const CardReady *ready, const Secret *pin,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
