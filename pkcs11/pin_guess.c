/* SPDX-License-Identifier: Apache-2.0
 * The PIN is cut into parts so that their costs sum up to the least; a random letter costs 10, and
 * so every cost is about two fifths of a letter's bits. The limits were set by measuring: words
 * with the usual endings lie below, random PINs of six characters above. */
#include "pkcs11/pin_guess.h"

#include <string.h>

#include "pkcs11/pin_date.h"
#include "pkcs11/pin_keys.h"
#include "pkcs11/pin_word.h"
#include "pkcs11/secret.h"

#define LETTER       10
#define OTHER        6  /* a figure; signs are chosen from few */
#define ODD_CASE     10 /* capitals where nobody puts them: sAkuRa */
#define LIMIT        51 /* about five random letters */
#define NUMBER_LIMIT 30 /* five random figures */

#define RULE(name) (UINT32_C(1) << PIN_RULE_##name)

typedef struct Cut {
	unsigned cost;
	uint32_t rules;
} Cut;

typedef struct Guess {
	const PinView *view;
	char plain[PIN_POLICY_LENGTH_MAX + 1]; /* vowels in place of what is written for them */
	Cut best[PIN_POLICY_LENGTH_MAX + 1];   /* of the first n characters */
} Guess;

/* None, all, the first or the last of a part are capitals. */
static bool is_usual_case(const PinView *view, size_t from, size_t length)
{
	uint64_t all = length < 64 ? (UINT64_C(1) << length) - 1 : UINT64_MAX;
	uint64_t capitals = view->capitals >> from & all;

	return capitals == 0 || capitals == all || capitals == 1 ||
	       capitals == UINT64_C(1) << (length - 1);
}

static void offer(Guess *guess, size_t from, size_t length, Cut part)
{
	Cut *best = &guess->best[from + length];
	unsigned cost = guess->best[from].cost + part.cost +
			(is_usual_case(guess->view, from, length) ? 0 : ODD_CASE);

	if (cost < best->cost)
		*best = (Cut){ cost, guess->best[from].rules | part.rules };
}

static size_t count_letters(const char *at, size_t length)
{
	size_t letters = 0;

	for (size_t i = 0; i < length; i++)
		letters += pin_view_is_letter(at[i]);
	return letters;
}

/* Short words stand in random PINs by chance, and then letters stand beside them. */
static unsigned cost_of_word(const Guess *guess, size_t length)
{
	static const unsigned char short_words[] = { [3] = 30, [4] = 31, [5] = 24 };
	size_t letters = count_letters(guess->view->text, guess->view->length);
	bool has_strays = letters > length && letters <= length + 3;

	if (length > 5)
		return 19;
	return short_words[length] + (length < 5 && has_strays ? 6 : 0);
}

static void offer_words(Guess *guess, size_t from)
{
	const char *at = guess->view->text + from;
	size_t left = guess->view->length - from;
	unsigned found = pin_word_at(at, left), count;
	size_t length = pin_word_syllables(at, left, &count);

	for (size_t n = PIN_WORD_SHORTEST; n < PIN_WORD_SIZE; n++)
		if ((found & 1u << n) != 0)
			offer(guess, from, n, (Cut){ cost_of_word(guess, n), RULE(WORD) });
	if (length > 0)
		offer(guess, from, length, (Cut){ LETTER * count + 2, RULE(WORD) });
	length = pin_word_syllables(guess->plain + from, left, &count);
	if (length >= 6 && 2 * count_letters(at, length) >= length)
		offer(guess, from, length, (Cut){ LETTER * count + 2, RULE(WORD) });
}

/* How many characters from here on keep the step of the first two, if it is -1, 0 or 1. */
static size_t row_at(const char *at, size_t left, int *ret_step)
{
	size_t length = 1;

	*ret_step = left > 1 ? at[1] - at[0] : 2;
	if (*ret_step < -1 || *ret_step > 1)
		return 1;
	while (length < left && at[length] - at[length - 1] == *ret_step)
		length++;
	return length;
}

static void offer_rows(Guess *guess, size_t from)
{
	const char *at = guess->view->text + from;
	int step;
	size_t longest = row_at(at, guess->view->length - from, &step);
	uint32_t rule = step == 0 ? RULE(REPEATED) : RULE(SEQUENCE);
	bool is_digit = pin_view_is_digit(*at);

	for (size_t n = 3; n <= longest; n++)
		offer(guess, from, n, (Cut){ n > 3 ? 15 : is_digit ? 12 : 22, rule });
}

static unsigned cost_of_walk(size_t length, unsigned turns)
{
	unsigned cost = 15 + 7 * turns;

	if (length == 3 || (length == 4 && turns > 0))
		return length == 3 ? 30 : 32;
	return cost < 5 * length ? cost : (unsigned) (5 * length);
}

static size_t straight_walk(const char *at, size_t left)
{
	unsigned turns = 1;
	size_t length = pin_keys_walk(at, left, &turns);

	while (length > 1 && turns > 0)
		length = pin_keys_walk(at, length - 1, &turns);
	return length;
}

/* Short walks full of turns happen by chance, and so do straight ones of three keys, but not two
 * of them side by side (qazwsx). */
static void offer_walks(Guess *guess, size_t from)
{
	unsigned turns;
	const char *at = guess->view->text + from;
	size_t left = guess->view->length - from;
	size_t longest = pin_keys_walk(at, left, &turns);
	size_t straight = straight_walk(at, left), next;
	unsigned cost = 30;

	for (size_t n = 3; n <= longest; n++) {
		(void) pin_keys_walk(at, n, &turns);
		if (turns == 0 || (turns == 1 && n >= 4) || n >= 5)
			offer(guess, from, n, (Cut){ cost_of_walk(n, turns), RULE(KEYBOARD) });
	}
	while (straight >= 3 && (next = straight_walk(at + straight, left - straight)) >= 3) {
		straight += next;
		offer(guess, from, straight, (Cut){ cost, RULE(KEYBOARD) });
		cost += 8;
	}
}

/* Two rows woven into each other: a1b2c3, q1w2e3r4. */
static bool is_woven(const PinView *view)
{
	bool is_row = view->length >= 6;
	char half[PIN_POLICY_LENGTH_MAX / 2 + 2];

	for (size_t first = 0; is_row && first < 2; first++) {
		size_t length = 0;
		int step;

		for (size_t i = first; i < view->length; i += 2)
			half[length++] = view->text[i];
		is_row = row_at(half, length, &step) == length ||
			 straight_walk(half, length) == length;
	}
	secret_erase(half, sizeof half);
	return is_row;
}

static void offer_dates(Guess *guess, size_t from)
{
	static const unsigned char costs[] = { [4] = 14, [5] = 22, [6] = 26, [7] = 26, [8] = 25 };
	const char *at = guess->view->text + from;
	size_t left = guess->view->length - from;
	size_t length = pin_date_part(at, left);

	if (length > 0)
		offer(guess, from, length,
		      (Cut){ costs[length],
			     pin_view_is_letter(at[0]) ? RULE(WAREKI_DATE) : RULE(DATE) });
	if (left >= 4 && pin_date_is_western_year(at))
		offer(guess, from, 4, (Cut){ costs[4] - 1, RULE(YEAR) });
}

static Cut cheapest(const PinView *view)
{
	Guess guess = { .view = view };

	for (size_t i = 1; i <= view->length; i++) {
		guess.best[i].cost = UINT32_MAX;
		guess.plain[i - 1] = pin_word_vowel(view->text[i - 1]);
	}
	for (size_t i = 0; i < view->length; i++) {
		offer_words(&guess, i);
		offer_rows(&guess, i);
		offer_dates(&guess, i);
		if (!view->is_number)
			offer_walks(&guess, i);
		offer(&guess, i, 1, (Cut){ pin_view_is_letter(view->text[i]) ? LETTER : OTHER, 0 });
	}
	secret_erase(guess.plain, sizeof guess.plain);
	return guess.best[view->length];
}

bool pin_guess_is_cheap(const PinView *view, uint32_t *ret_rules)
{
	unsigned limit = view->is_number ? NUMBER_LIMIT : LIMIT;
	PinView backwards;
	Cut cut, other;

	*ret_rules = 0;
	if (view->length < 4 || (view->is_number && view->length <= 6))
		return false;
	if (is_woven(view)) {
		*ret_rules = RULE(SEQUENCE);
		return true;
	}
	pin_view_reverse(view, &backwards);
	cut = cheapest(view);
	other = cheapest(&backwards);
	pin_view_erase(&backwards);
	if (other.cost < cut.cost)
		cut = other;
	if (cut.cost >= limit || cut.rules == 0)
		return false;
	*ret_rules = cut.rules;
	return true;
}
