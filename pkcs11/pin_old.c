/* SPDX-License-Identifier: Apache-2.0
 * Capitals and small letters are the same here. */
#include "pkcs11/pin_old.h"

#include <stdlib.h>
#include <string.h>

#include "pkcs11/secret.h"

#define RULE(name)    (UINT32_C(1) << PIN_RULE_##name)
#define CHANGES       2   /* characters put in, left out or replaced: as good as the same */
#define COUNTED       100 /* a number up or down by so much */
#define FIGURES_MAX   9
#define SHORTEST_PART 4

static bool is_same(const PinView *a, const PinView *b)
{
	return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned smaller = a < b ? a : b;

	return smaller < c ? smaller : c;
}

/* Levenshtein's distance. */
static unsigned distance(const PinView *a, const PinView *b)
{
	unsigned row[PIN_POLICY_LENGTH_MAX + 1];

	for (unsigned i = 0; i <= b->length; i++)
		row[i] = i;
	for (size_t i = 1; i <= a->length; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned) i;
		for (size_t j = 1; j <= b->length; j++) {
			unsigned above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
				       corner + (a->text[i - 1] != b->text[j - 1]));
			corner = above;
		}
	}
	return row[b->length];
}

static bool is_part(const PinView *whole, const PinView *part)
{
	return part->length >= SHORTEST_PART &&
	       pin_view_find(whole, part->text, part->length) != NULL;
}

static bool is_rotated(const PinView *view, const PinView *old)
{
	size_t length = view->length;

	if (length != old->length)
		return false;
	for (size_t by = 1; by < length; by++)
		if (memcmp(view->text, old->text + by, length - by) == 0 &&
		    memcmp(view->text + length - by, old->text, by) == 0)
			return true;
	return false;
}

static bool is_reordered(const PinView *view, const PinView *old)
{
	int counts[256] = { 0 };
	bool is_even = view->length == old->length;

	for (size_t i = 0; is_even && i < view->length; i++) {
		counts[(unsigned char) view->text[i]]++;
		counts[(unsigned char) old->text[i]]--;
	}
	for (size_t i = 0; i < 256; i++)
		is_even = is_even && counts[i] == 0;
	secret_erase(counts, sizeof counts);
	return is_even;
}

static size_t figures_at_end(const PinView *view)
{
	size_t count = 0;

	while (count < view->length && count < FIGURES_MAX &&
	       pin_view_is_digit(view->text[view->length - 1 - count]))
		count++;
	return count;
}

/* The number at the end went a little up or down; what stands before it stayed. */
static bool is_counted(const PinView *view, const PinView *old)
{
	size_t count = figures_at_end(view), head = view->length - count;
	size_t old_count = figures_at_end(old);
	long difference;

	if (count == 0 || old_count == 0 || old->length - old_count != head ||
	    memcmp(view->text, old->text, head) != 0)
		return false;
	difference = (long) pin_view_value(view->text + head, count) -
		     (long) pin_view_value(old->text + head, old_count);
	return labs(difference) <= COUNTED;
}

/* Every figure up by the same: 839172, 940283. */
static bool is_shifted(const PinView *view, const PinView *old)
{
	int shift = -1;

	if (view->length != old->length)
		return false;
	for (size_t i = 0; i < view->length; i++) {
		bool is_figure =
			pin_view_is_digit(view->text[i]) && pin_view_is_digit(old->text[i]);
		int step = (view->text[i] - old->text[i] + 10) % 10;

		if (!is_figure && view->text[i] != old->text[i])
			return false;
		if (is_figure && shift >= 0 && step != shift)
			return false;
		shift = is_figure ? step : shift;
	}
	return shift > 0;
}

uint32_t pin_old_rules(const PinView *view, const PinView *old)
{
	PinView backwards;
	uint32_t rules = 0;

	if (is_same(view, old))
		return RULE(SAME_AS_OLD);
	pin_view_reverse(old, &backwards);
	if (is_same(view, &backwards))
		rules |= RULE(REVERSED_OLD);
	if (is_rotated(view, old) || is_rotated(view, &backwards))
		rules |= RULE(ROTATED_OLD);
	if (is_reordered(view, old))
		rules |= RULE(REORDERED_OLD);
	if (is_counted(view, old) || is_shifted(view, old))
		rules |= RULE(COUNTED_UP);
	if (distance(view, old) <= CHANGES || is_part(view, old) || is_part(old, view))
		rules |= RULE(SIMILAR_TO_OLD);
	pin_view_erase(&backwards);
	return rules;
}
