/* SPDX-License-Identifier: Apache-2.0
 * The words a guesser tries first, found also when figures and signs stand for letters (p@ssw0rd,
 * t0ttor1). */
#pragma once

#include "pkcs11/pin_view.h"

#define PIN_WORD_SIZE     13 /* with the NUL; longer words are kept by their beginning */
#define PIN_WORD_SHORTEST 3

/* Each sorted by strcmp(), of small letters. */
extern const char pin_word_places[][PIN_WORD_SIZE];
extern const size_t pin_word_places_count;
extern const char pin_word_names[][PIN_WORD_SIZE];
extern const size_t pin_word_names_count;
extern const char pin_word_common[][PIN_WORD_SIZE];
extern const size_t pin_word_common_count;

/* Bit n is set: a word of n letters begins at `at`. At least a quarter of it are no figures. */
unsigned pin_word_at(const char *at, size_t left);
/* Whether `c` is the letter, or is written for it: 0 for o, @ for a. */
bool pin_word_is_letter(char c, char letter);
/* Numbers everybody knows: 314159, 114514, and with up to two more figures 4649, 5963. */
bool pin_word_is_number(const PinView *view);
/* The vowel that a figure or sign is written for; everything else as it is. */
char pin_word_vowel(char c);
/* The length of the row of Japanese syllables in letters at `at`, 0 unless three of them begin with
 * a consonant. */
size_t pin_word_syllables(const char *at, size_t left, unsigned *ret_count);
