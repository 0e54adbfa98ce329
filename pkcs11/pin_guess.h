/* SPDX-License-Identifier: Apache-2.0
 * How little a PIN holds beside words, dates, rows and walks. */
#pragma once

#include "pkcs11/pin_view.h"

/* True: a guesser who knows the usual parts needs hardly more. *ret_rules: which parts they are,
 * bits as in PinVerdict; 0 when not. Numbers of up to six figures are never judged here. */
bool pin_guess_is_cheap(const PinView *view, uint32_t *ret_rules);
