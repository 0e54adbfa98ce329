/* SPDX-License-Identifier: Apache-2.0
 * Keyboards are rows, each half a key further right: a key has two neighbours beside it, two above
 * and two below. Shifted signs stand on the key of their figure. */
#include "pkcs11/pin_keys.h"

#include <stdlib.h>
#include <string.h>

#define ROWS  4
#define TURNS 3 /* of a walk with diagonals on a number pad */

typedef struct Place {
	int row, column;
} Place;

typedef enum Pad {
	PAD_TELEPHONE,
	PAD_ZERO_RIGHT, /* below the 2 */
	PAD_ZERO_LEFT,  /* below the 1 */
	_PAD_MAX,
} Pad;

/* clang-format off */
static const char *const boards[][2][ROWS] = {
	{ { "1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./" },
	  { "!@#$%^&*()_+", "qwertyuiop{}|",  "asdfghjkl:\"", "zxcvbnm<>?" } },
	{ { "1234567890-^\\", "qwertyuiop@[", "asdfghjkl;:]", "zxcvbnm,./\\" },
	  { "!\"#$%&'()\1=~|", "qwertyuiop`{", "asdfghjkl+*}", "zxcvbnm<>?_" } },
};

/* Telephone; turned upside down it is the pad of a keyboard, where the 0 is two keys wide. */
static const Place pad[] = {
	{ 3, 1 }, { 0, 0 }, { 0, 1 }, { 0, 2 }, { 1, 0 }, { 1, 1 }, { 1, 2 }, { 2, 0 }, { 2, 1 }, { 2, 2 },
};
/* clang-format on */

static Place pad_place(char c, Pad kind)
{
	Place place = pad[c - '0'];

	if (kind != PAD_TELEPHONE && place.row < 3)
		place.row = 2 - place.row;
	if (kind == PAD_ZERO_LEFT && c == '0')
		place.column = 0;
	return place;
}

static bool is_pad_step(Place from, Place to, bool is_straight)
{
	int rows = abs(from.row - to.row), columns = abs(from.column - to.column);

	return rows <= 1 && columns <= 1 && rows + columns > 0 &&
	       (!is_straight || rows + columns == 1);
}

/* Along rows and columns anywhere; with diagonals over no key twice, and with few turns. */
static bool is_pad_walk(const PinView *view, Pad kind, bool is_straight)
{
	Place last = { 0 };
	unsigned turns = 0;

	for (size_t i = 1; i < view->length; i++) {
		Place from = pad_place(view->text[i - 1], kind);
		Place to = pad_place(view->text[i], kind);
		Place step = { to.row - from.row, to.column - from.column };

		if (!is_pad_step(from, to, is_straight))
			return false;
		if (!is_straight && memchr(view->text, view->text[i], i) != NULL)
			return false;
		turns += i > 1 && (step.row != last.row || step.column != last.column);
		last = step;
	}
	return is_straight || turns <= TURNS;
}

static bool is_pad_line(const char *at)
{
	for (Pad kind = 0; kind < _PAD_MAX; kind++) {
		Place a = pad_place(at[0], kind), b = pad_place(at[1], kind),
		      c = pad_place(at[2], kind);

		if (is_pad_step(a, b, false) && c.row - b.row == b.row - a.row &&
		    c.column - b.column == b.column - a.column)
			return true;
	}
	return false;
}

/* Up to two keys may be left over where the length is no multiple of three. */
static bool is_pad_lines(const PinView *view)
{
	size_t spare = view->length % 3;

	for (size_t i = 0; i < view->length;) {
		if (view->length - i >= 3 && is_pad_line(view->text + i))
			i += 3;
		else if (spare-- > 0)
			i++;
		else
			return false;
	}
	return true;
}

bool pin_keys_is_pad(const PinView *view)
{
	if (!view->is_number || view->length < 6)
		return false;
	for (Pad kind = 0; kind < _PAD_MAX; kind++)
		if (is_pad_walk(view, kind, true) || is_pad_walk(view, kind, false))
			return true;
	return is_pad_lines(view);
}

static bool find_key(size_t board, char c, Place *ret_place)
{
	for (int shift = 0; shift < 2; shift++)
		for (int row = 0; row < ROWS; row++) {
			const char *found = strchr(boards[board][shift][row], c);

			if (c != '\0' && found != NULL) {
				*ret_place =
					(Place){ row, (int) (found - boards[board][shift][row]) };
				return true;
			}
		}
	return false;
}

/* 0: the same key; 1 to 6: a neighbour; -1: neither. */
static int direction(Place from, Place to)
{
	static const Place steps[] = { { 0, 0 },  { 0, 1 },  { 0, -1 }, { 1, 0 },
				       { -1, 0 }, { 1, -1 }, { -1, 1 } };

	for (int i = 0; i < (int) (sizeof steps / sizeof steps[0]); i++)
		if (to.row - from.row == steps[i].row && to.column - from.column == steps[i].column)
			return i;
	return -1;
}

static size_t walk(size_t board, const char *at, size_t left, unsigned *ret_turns)
{
	Place from, to;
	int last = 0;
	size_t length = 1;

	*ret_turns = 0;
	if (!find_key(board, at[0], &from))
		return 1;
	while (length < left && find_key(board, at[length], &to)) {
		int now = direction(from, to);

		if (now < 0)
			break;
		if (now > 0 && last > 0 && now != last)
			(*ret_turns)++;
		last = now > 0 ? now : last;
		from = to;
		length++;
	}
	return length;
}

size_t pin_keys_walk(const char *at, size_t left, unsigned *ret_turns)
{
	unsigned turns;
	size_t best = walk(0, at, left, ret_turns);
	size_t other = walk(1, at, left, &turns);

	if (other <= best)
		return best;
	*ret_turns = turns;
	return other;
}
