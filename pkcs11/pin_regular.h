/* SPDX-License-Identifier: Apache-2.0
 * Regularity of a whole PIN (T26): what anyone sees who looks at it twice. Figures of a number are
 * counted modulo 10 (890123 goes up by one). */
#pragma once

#include "pkcs11/pin_view.h"

/* One character four times running in at least half of it, or no more than two different ones. */
bool pin_regular_is_repeated(const PinView *view);
/* All but one character follow each other up or down: 123456, 987654, abcdef, 12345x. */
bool pin_regular_is_sequence(const PinView *view);
/* Constant steps in all but one figure (135790), counting (246810, 101112), sums of the two
 * before (112358). */
bool pin_regular_is_arithmetic(const PinView *view);
/* Pairs of figures in constant steps: 102030, 010203, 192837, 153045. */
bool pin_regular_is_pairs(const PinView *view);
/* 121212, 123123, abcabcab, iwate-iwate. */
bool pin_regular_is_period(const PinView *view);
/* Runs of the same (112233, 111222) and threes in steps (123789, 123124, 123234). */
bool pin_regular_is_blocks(const PinView *view);
/* 123321, abcba. */
bool pin_regular_is_palindrome(const PinView *view);
