/* SPDX-License-Identifier: Apache-2.0
 * The holder's own names, numbers and dates in a PIN, forwards or backwards, with something around
 * them or not. */
#pragma once

#include "pkcs11/pin_view.h"

/* The own-… rules broken, bits as in PinVerdict. */
uint32_t pin_own_rules(const PinView *view, const PinContext *context);
