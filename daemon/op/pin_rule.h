/* SPDX-License-Identifier: Apache-2.0
 * What a PIN must be before a card is asked to take it: the regulation's length and characters,
 * what the card accepts, no regularity, nothing of the holder's own, nothing like the old one
 * (T26, N34, N37). */
#pragma once

#include "daemon/op/at_reader.h"

/* @old is the PIN to be replaced where it is in hand, else NULL. ERROR_PIN names every broken rule,
 * never the PIN. */
gboolean pin_rule_check(const Op *op, const AtReader *desk, const Card *card, const Secret *pin,
			const Secret *old, GError **error) G_GNUC_WARN_UNUSED_RESULT;
