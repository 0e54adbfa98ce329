/* SPDX-License-Identifier: Apache-2.0
 * What a PIN must be (T26, N34, N37): length, characters, and none of the regularities and
 * guessable contents named below. Shared by opcardd, opcardctl and the terminals. Pure: libc only,
 * no allocation, a constant small stack, its copies of the PIN erased. Any bytes may come in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer PINs are too long for every policy. */
#define PIN_POLICY_LENGTH_MAX 64
#define PIN_POLICY_CLASSES    4

/* Broken rules, stored and told by name. */
typedef enum PinRule {
	PIN_RULE_TOO_SHORT,
	PIN_RULE_TOO_LONG,
	PIN_RULE_CHARACTER,
	PIN_RULE_CLASSES,
	PIN_RULE_REPEATED,
	PIN_RULE_SEQUENCE,
	PIN_RULE_ARITHMETIC,
	PIN_RULE_PAIRS,
	PIN_RULE_PERIOD,
	PIN_RULE_BLOCKS,
	PIN_RULE_PALINDROME,
	PIN_RULE_DATE,
	PIN_RULE_WAREKI_DATE,
	PIN_RULE_YEAR,
	PIN_RULE_KEYPAD,
	PIN_RULE_KEYBOARD,
	PIN_RULE_WORD,
	PIN_RULE_OWN_NAME,
	PIN_RULE_OWN_NUMBER,
	PIN_RULE_OWN_DATE,
	PIN_RULE_SAME_AS_OLD,
	PIN_RULE_SIMILAR_TO_OLD,
	PIN_RULE_REVERSED_OLD,
	PIN_RULE_ROTATED_OLD,
	PIN_RULE_REORDERED_OLD,
	PIN_RULE_COUNTED_UP,
	PIN_RULE_GUESSABLE, /* never set here: the second opinion of whoever has one */
	_PIN_RULE_MAX,
} PinRule;

typedef struct PinBytes {
	const char *bytes; /* need not end in NUL */
	size_t length;
} PinBytes;

typedef struct PinPolicy {
	size_t min_length;
	size_t max_length; /* 0: PIN_POLICY_LENGTH_MAX */
	const char
		*alphabet; /* characters the card takes; NULL: printable ASCII without the space */
	unsigned classes;  /* kinds needed of small, capital, digit, sign; no more than the alphabet
			      has */
} PinPolicy;

/* What belongs to the holder and must not be the PIN. Each word is UTF-8 and is taken for what it
 * looks like: digits (staff, card or telephone number), a date (1985-04-12, 1985/4/12, 19850412),
 * kana (a name, spelt in either romanisation), letters (a name as spelt). Kanji are passed over. */
typedef struct PinContext {
	const char *const *words;
	size_t count;
} PinContext;

typedef struct PinVerdict {
	uint32_t broken; /* bit 1 << PinRule */
} PinVerdict;

/* True: accepted. `context` and `old` (the PIN to be replaced, where it is in hand) may be NULL. */
bool pin_policy_check(const PinPolicy *policy, const PinContext *context, const PinBytes *pin,
		      const PinBytes *old, PinVerdict *ret_verdict);

/* "too-short", "date", … */
const char *pin_policy_rule(PinRule rule);
/* What is wrong, never with the PIN: "it is too short". */
const char *pin_policy_en(PinRule rule);
const char *pin_policy_ja(PinRule rule);

/* How many kinds of characters (of PIN_POLICY_CLASSES) stand in the bytes. */
unsigned pin_policy_classes(const char *bytes, size_t length);
