/* SPDX-License-Identifier: Apache-2.0
 * A PIN as the detectors of the policy look at it: letters small, length known, ASCII only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkcs11/pin_policy.h"

typedef struct PinView {
	char text[PIN_POLICY_LENGTH_MAX + 1]; /* followed by NUL */
	size_t length;
	bool is_number;    /* nothing but digits, and not empty */
	uint64_t capitals; /* bit n: the n-th character was a capital */
} PinView;

/* Copies at most PIN_POLICY_LENGTH_MAX bytes; the caller erases. */
void pin_view_set(PinView *view, const char *bytes, size_t length);
void pin_view_erase(PinView *view);
/* The same text backwards, for the caller to erase too. */
void pin_view_reverse(const PinView *view, PinView *ret_reversed);

bool pin_view_is_digit(char c);
bool pin_view_is_letter(char c);
/* The value of `count` digits at `at`. */
unsigned pin_view_value(const char *at, size_t count);
/* First place of `part` in the view, or NULL; an empty part is nowhere. */
const char *pin_view_find(const PinView *view, const char *part, size_t length);
