/* SPDX-License-Identifier: Apache-2.0
 * A sorted table is walked like a tree: the range of words that begin with the letters so far gets
 * narrower with each letter. */
#include "pkcs11/pin_word.h"

#include <string.h>

typedef struct Search {
	const char (*words)[PIN_WORD_SIZE];
	const char *at;
	size_t left;
	unsigned found;
} Search;

typedef struct Range {
	size_t low, high; /* words that share their first `depth` letters */
	size_t depth;
	size_t letters; /* how many of these are no figures there */
} Range;

/* What a figure or sign may stand for. */
static const char *meaning_of(char c)
{
	/* clang-format off */
	static const struct {
		char sign;
		const char *letters;
	} meanings[] = {
		{ '0', "o" }, { '1', "il" }, { '2', "z" }, { '3', "e" },  { '4', "a" }, { '5', "s" },
		{ '6', "gb" }, { '7', "t" }, { '8', "b" }, { '9', "gq" }, { '@', "a" }, { '$', "s" },
		{ '!', "il" }, { '|', "il" }, { '+', "t" }, { '(', "c" }, { '<', "c" }, { '*', "ao" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
		if (meanings[i].sign == c)
			return meanings[i].letters;
	return "";
}

bool pin_word_is_letter(char c, char letter)
{
	return c == letter || (c != '\0' && strchr(meaning_of(c), letter) != NULL);
}

/* The first word of the range whose next letter is not below `letter`. */
static size_t first_from(const Search *search, const Range *range, char letter)
{
	size_t low = range->low, high = range->high;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (search->words[middle][range->depth] < letter)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void go_on(Search *search, const Range *range);

static void take_letter(Search *search, const Range *range, char letter, bool is_own)
{
	Range next = { .low = first_from(search, range, letter),
		       .high = first_from(search, range, (char) (letter + 1)),
		       .depth = range->depth + 1,
		       .letters = range->letters + is_own };

	if (next.low == next.high)
		return;
	if (next.depth == PIN_WORD_SIZE - 1 || search->words[next.low][next.depth] == '\0')
		search->found |= 4 * next.letters >= next.depth ? 1u << next.depth : 0;
	go_on(search, &next);
}

static void go_on(Search *search, const Range *range)
{
	char c;

	if (range->depth == search->left || range->depth == PIN_WORD_SIZE - 1)
		return;
	c = search->at[range->depth];
	if (pin_view_is_letter(c))
		take_letter(search, range, c, true);
	for (const char *letter = meaning_of(c); *letter != '\0'; letter++)
		take_letter(search, range, *letter, !pin_view_is_digit(c));
}

unsigned pin_word_at(const char *at, size_t left)
{
	const struct {
		const char (*words)[PIN_WORD_SIZE];
		size_t count;
	} tables[] = {
		{ pin_word_places, pin_word_places_count },
		{ pin_word_names, pin_word_names_count },
		{ pin_word_common, pin_word_common_count },
	};
	unsigned found = 0;

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		Search search = { .words = tables[i].words, .at = at, .left = left };

		go_on(&search, &(Range){ .high = tables[i].count });
		found |= search.found;
	}
	return found;
}

bool pin_word_is_number(const PinView *view)
{
	/* Circle, roots, growth, doubling, squares; slang; emergency calls; puns on figures. */
	static const char *const whole[] = { "314159", "141592", "159265", "271828", "161803",
					     "141421", "173205", "223606", "244948", "142857",
					     "124816", "149162", "114514", "110119", "119110",
					     "235711", "299792", "628318" };
	static const char *const part[] = { "4649", "5963", "2525", "1192", "0840", "4989",
					    "4126", "3776", "0721", "1919", "8181", "3594" };

	if (!view->is_number)
		return false;
	for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
		if (view->length <= 8 && pin_view_find(view, whole[i], 6) != NULL)
			return true;
	for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
		if (view->length <= 6 && pin_view_find(view, part[i], 4) != NULL)
			return true;
	return false;
}

static bool is_vowel(char c)
{
	return c != '\0' && strchr("aiueo", c) != NULL;
}

/* ou, uu */
static bool is_long(const char *at, size_t left)
{
	return left > 1 && at[1] == 'u' && (at[0] == 'o' || at[0] == 'u');
}

/* Consonants that may stand before a vowel; ん and a doubled consonant belong to what follows. */
static size_t syllable(const char *at, size_t left)
{
	static const char *const heads[] = { "ky", "gy", "sh", "sy", "ch", "ty", "ts", "ny", "hy",
					     "by", "py", "my", "ry", "jy", "zy", "k",  "g",  "s",
					     "z",  "t",  "d",  "n",  "h",  "b",  "p",  "m",  "y",
					     "r",  "w",  "j",  "f",  "v",  "" };
	size_t lead = 0;

	if (left > 2 && at[0] == 'n' && !is_vowel(at[1]) && at[1] != 'y')
		lead = 1;
	if (left > lead + 2 && at[lead] == at[lead + 1] && strchr("kstpc", at[lead]) != NULL)
		lead++;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		size_t length = strlen(heads[i]);

		size_t end = lead + length;

		if (left > end && memcmp(at + lead, heads[i], length) == 0 && is_vowel(at[end]))
			return end + 1 + is_long(at + end, left - end);
	}
	return 0;
}

char pin_word_vowel(char c)
{
	char letter = *meaning_of(c);

	return is_vowel(letter) ? letter : c;
}

size_t pin_word_syllables(const char *at, size_t left, unsigned *ret_count)
{
	size_t length = 0, full = 0, one;

	*ret_count = 0;
	while ((one = syllable(at + length, left - length)) > 0) {
		full += !is_vowel(at[length]);
		length += one;
		(*ret_count)++;
	}
	if (length < left && length > 0 && at[length] == 'n')
		length++;
	return full >= 3 ? length : 0;
}
