/* SPDX-License-Identifier: Apache-2.0
 * Keys beside each other: number pads (of telephones and of keyboards) and keyboards (US and JIS).
 */
#pragma once

#include "pkcs11/pin_view.h"

/* Lines of three keys one after the other (147258, 159357, 789456), or a walk from key to
 * neighbour, only along rows and columns, or with diagonals over no key twice and with few turns.
 */
bool pin_keys_is_pad(const PinView *view);

/* The length of the longest walk over neighbouring keys that begins at `at` (1: none), on the
 * keyboard that gives more; *ret_turns counts its changes of direction. */
size_t pin_keys_walk(const char *at, size_t left, unsigned *ret_turns);
