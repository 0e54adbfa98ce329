/* SPDX-License-Identifier: Apache-2.0
 * Kana as they are spelt in letters: Hepburn, Kunrei, and what people mix of them (satou, sato,
 * satoh; shinichi, sinniti, shin'ichi). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define PIN_KANA_MAX 40 /* characters of one word; the rest is passed over */

/* The next character of UTF-8 text, folded: full-width signs to ASCII, hiragana and half-width
 * kana to katakana. 0 at the end; U+FFFD for what is no UTF-8. */
uint32_t pin_kana_next(const char **at);
/* Katakana, the long mark included. */
int pin_kana_is(uint32_t character);
/* The longest spelling of the word that stands at `at`, 0 if none does. */
size_t pin_kana_match(const uint32_t *word, size_t count, const char *at, size_t left);
