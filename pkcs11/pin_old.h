/* SPDX-License-Identifier: Apache-2.0
 * A new PIN that is the old one in disguise. */
#pragma once

#include "pkcs11/pin_view.h"

/* The …-old rules broken, bits as in PinVerdict. */
uint32_t pin_old_rules(const PinView *view, const PinView *old);
