/* SPDX-License-Identifier: Apache-2.0
 * Nothing here knows words or dates. Very long PINs fall out of the rules by themselves, except
 * where a rule asks for the whole. */
#include "pkcs11/pin_regular.h"

#include <string.h>

#define SHORTEST 4 /* below it everything is regular, and too short anyway */

/* The step from one figure to the next, 0 to 9. */
static unsigned step_of(const char *at, size_t distance)
{
	return (unsigned) (at[distance] - at[0] + 10) % 10;
}

static size_t longest_run(const PinView *view)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < view->length; i++) {
		run = i > 0 && view->text[i] == view->text[i - 1] ? run + 1 : 1;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static bool has_only_two(const PinView *view)
{
	char first = view->text[0], second = first;

	for (size_t i = 1; i < view->length; i++) {
		if (second == first)
			second = view->text[i];
		if (view->text[i] != first && view->text[i] != second)
			return false;
	}
	return true;
}

bool pin_regular_is_repeated(const PinView *view)
{
	size_t run = longest_run(view);

	return view->length > 0 &&
	       ((run >= SHORTEST && 2 * run >= view->length) || has_only_two(view));
}

static bool follows(const char *at, int step)
{
	if (pin_view_is_digit(at[0]) && pin_view_is_digit(at[1]))
		return step_of(at, 1) == (unsigned) (step + 10) % 10;
	return pin_view_is_letter(at[0]) && pin_view_is_letter(at[1]) && at[1] - at[0] == step;
}

static size_t longest_sequence(const PinView *view, int step)
{
	size_t longest = 0, run = 1;

	for (size_t i = 1; i < view->length; i++) {
		run = follows(view->text + i - 1, step) ? run + 1 : 1;
		longest = run > longest ? run : longest;
	}
	return longest;
}

bool pin_regular_is_sequence(const PinView *view)
{
	return view->length > SHORTEST && (longest_sequence(view, 1) + 1 >= view->length ||
					   longest_sequence(view, -1) + 1 >= view->length);
}

static bool has_constant_steps(const PinView *view)
{
	size_t longest = 0, run = 2;

	for (size_t i = 2; i < view->length; i++) {
		unsigned step = step_of(view->text + i - 1, 1);

		run = step == step_of(view->text + i - 2, 1) ? run + 1 : 2;
		longest = run > longest ? run : longest;
	}
	return longest + 1 >= view->length;
}

/* How many figures of `value` there are; -1 unless the text goes on with them (the last number may
 * be cut by its end). */
static int continues(const char *at, size_t left, unsigned value)
{
	unsigned unit = 1;
	int length = 1;

	for (; value / unit >= 10; unit *= 10)
		length++;
	for (size_t i = 0; i < left && unit > 0; i++, unit /= 10)
		if (at[i] != (char) ('0' + value / unit % 10))
			return -1;
	return length;
}

/* first, first + step, first + 2 step … written one after the other. */
static bool counts_from(const PinView *view, unsigned first, unsigned step)
{
	size_t at = 0;

	for (unsigned value = first; at < view->length; value += step) {
		int length = continues(view->text + at, view->length - at, value);

		if (length < 0)
			return false;
		at += (size_t) length;
	}
	return true;
}

static bool is_counting(const PinView *view)
{
	static const unsigned steps[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 25, 50, 100 };

	if (view->text[0] == '0')
		return false;
	for (size_t digits = 1; digits <= 2; digits++)
		for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
			if (counts_from(view, pin_view_value(view->text, digits), steps[i]))
				return true;
	return false;
}

static bool is_sums(const PinView *view)
{
	for (size_t i = 2; i < view->length; i++) {
		unsigned sum = pin_view_value(view->text + i - 2, 1) +
			       pin_view_value(view->text + i - 1, 1);

		if (sum % 10 != pin_view_value(view->text + i, 1))
			return false;
	}
	return true;
}

bool pin_regular_is_arithmetic(const PinView *view)
{
	return view->is_number && view->length > SHORTEST &&
	       (has_constant_steps(view) || is_counting(view) || is_sums(view));
}

static bool is_small_step(unsigned step)
{
	return step <= 2 || step >= 8;
}

/* Tens and units each go on by themselves. */
static bool pairs_by_figure(const PinView *view)
{
	unsigned tens = step_of(view->text, 2), units = step_of(view->text + 1, 2);

	if (!is_small_step(tens) || !is_small_step(units))
		return false;
	for (size_t i = 2; i + 3 < view->length; i += 2)
		if (step_of(view->text + i, 2) != tens || step_of(view->text + i + 1, 2) != units)
			return false;
	return true;
}

static bool pairs_by_value(const PinView *view)
{
	int first = (int) pin_view_value(view->text, 2);
	int step = (int) pin_view_value(view->text + 2, 2) - first;

	for (size_t i = 2; i + 1 < view->length; i += 2)
		if ((int) pin_view_value(view->text + i, 2) != first + (int) (i / 2) * step)
			return false;
	return true;
}

bool pin_regular_is_pairs(const PinView *view)
{
	return view->is_number && view->length >= 6 && view->length % 2 == 0 &&
	       (pairs_by_figure(view) || pairs_by_value(view));
}

bool pin_regular_is_period(const PinView *view)
{
	for (size_t period = 1; period <= view->length / 2; period++)
		if (memcmp(view->text, view->text + period, view->length - period) == 0)
			return true;
	return view->length > 6 && memcmp(view->text, view->text + view->length - view->length / 2,
					  view->length / 2) == 0;
}

static bool has_no_single(const PinView *view)
{
	for (size_t i = 0; i < view->length; i++)
		if ((i == 0 || view->text[i] != view->text[i - 1]) &&
		    (i + 1 == view->length || view->text[i] != view->text[i + 1]))
			return false;
	return true;
}

/* Each three goes in steps of up to two: 123789, 135246. */
static bool threes_in_steps(const PinView *view)
{
	for (size_t i = 0; i < view->length; i += 3) {
		unsigned step = step_of(view->text + i, 1);

		if (!is_small_step(step) || step != step_of(view->text + i + 1, 1))
			return false;
	}
	return true;
}

/* One three to the next by one: 123124, 123234; three of them in any steps: 100200300. */
static bool threes_by_one(const PinView *view)
{
	static const int steps[] = { 1, 111 };
	int step = (int) pin_view_value(view->text + 3, 3) - (int) pin_view_value(view->text, 3);
	bool is_known = view->length > 6;

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		is_known = is_known || step == steps[i] || step == -steps[i];
	for (size_t i = 6; is_known && i < view->length; i += 3)
		is_known = (int) pin_view_value(view->text + i, 3) ==
			   (int) pin_view_value(view->text + i - 3, 3) + step;
	return is_known;
}

bool pin_regular_is_blocks(const PinView *view)
{
	if (view->length > SHORTEST && has_no_single(view))
		return true;
	return view->is_number && view->length >= 6 && view->length % 3 == 0 &&
	       (threes_in_steps(view) || threes_by_one(view));
}

bool pin_regular_is_palindrome(const PinView *view)
{
	for (size_t i = 0; i < view->length / 2; i++)
		if (view->text[i] != view->text[view->length - 1 - i])
			return false;
	return view->length > SHORTEST;
}
