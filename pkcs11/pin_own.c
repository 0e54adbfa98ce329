/* SPDX-License-Identifier: Apache-2.0
 * A word of the context is cut into rows of kana, of letters and of figures; each row is looked for
 * by itself, so that a full name is found by either half. */
#include "pkcs11/pin_own.h"

#include <stdio.h>
#include <string.h>

#include "pkcs11/pin_kana.h"
#include "pkcs11/pin_word.h"

#define RULE(name)  (UINT32_C(1) << PIN_RULE_##name)
#define FIGURES_MAX 32

typedef enum RowKind {
	ROW_OTHER,
	ROW_KANA,
	ROW_LETTERS,
	_ROW_KIND_MAX,
} RowKind;

typedef struct Row {
	RowKind kind;
	uint32_t text[PIN_KANA_MAX];
	size_t count;
} Row;

typedef struct Figures {
	char text[FIGURES_MAX + 1];
	size_t count;
} Figures;

static size_t count_letters(const char *at, size_t length)
{
	size_t letters = 0;

	for (size_t i = 0; i < length; i++)
		letters += pin_view_is_letter(at[i]);
	return letters;
}

static size_t match_letters(const Row *row, const char *at, size_t left)
{
	if (row->count > left)
		return 0;
	for (size_t i = 0; i < row->count; i++)
		if (!pin_word_is_letter(at[i], (char) row->text[i]))
			return 0;
	return row->count;
}

/* Short names stand in many a random PIN: they count where nearly no other letter stands. */
static bool is_much(const PinView *view, size_t from, size_t length)
{
	size_t inside = count_letters(view->text + from, length);
	size_t around = count_letters(view->text, view->length) - inside;

	if (length >= 4)
		return 4 * inside >= length;
	return length >= 2 && 2 * inside >= length && around <= length - 2;
}

static bool has_row(const PinView *view, const Row *row)
{
	for (size_t i = 0; i < view->length; i++) {
		const char *at = view->text + i;
		size_t left = view->length - i;
		size_t length = row->kind == ROW_KANA
					? pin_kana_match(row->text, row->count, at, left)
					: match_letters(row, at, left);

		if (length > 0 && is_much(view, i, length))
			return true;
	}
	return false;
}

static RowKind kind_of(uint32_t character)
{
	if (pin_kana_is(character))
		return ROW_KANA;
	return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
		       ? ROW_LETTERS
		       : ROW_OTHER;
}

/* The next row of one kind. False at the end of the word. */
static bool next_row(const char **at, Row *row)
{
	uint32_t character;

	*row = (Row){ .kind = ROW_OTHER };
	while (**at != '\0') {
		const char *before = *at;
		RowKind kind;

		character = pin_kana_next(at);
		kind = kind_of(character);
		if (row->kind != ROW_OTHER && kind != row->kind) {
			*at = before;
			return true;
		}
		row->kind = kind;
		if (kind != ROW_OTHER && row->count < PIN_KANA_MAX)
			row->text[row->count++] = character >= 'A' && character <= 'Z'
							  ? character - 'A' + 'a'
							  : character;
	}
	return row->kind != ROW_OTHER;
}

static bool is_own_name(const PinView *view, const PinView *backwards, const char *word)
{
	Row row;

	while (next_row(&word, &row))
		if (has_row(view, &row) || has_row(backwards, &row))
			return true;
	return false;
}

static void collect_figures(const char *word, Figures *ret_figures)
{
	uint32_t character;

	*ret_figures = (Figures){ 0 };
	while ((character = pin_kana_next(&word)) != 0)
		if (character >= '0' && character <= '9' && ret_figures->count < FIGURES_MAX)
			ret_figures->text[ret_figures->count++] = (char) character;
}

static bool is_nearly(const PinView *view, const Figures *figures)
{
	size_t different = 0;

	if (figures->count != view->length || view->length < 6)
		return false;
	for (size_t i = 0; i < view->length; i++)
		different += view->text[i] != figures->text[i];
	return different <= 1;
}

/* A short number, 123: 000123, 123000, 123123. */
static bool is_filled_up(const PinView *view, const char *number, size_t count)
{
	const char *text = view->text;
	size_t length = view->length;

	while (length > count && *text == '0') {
		text++;
		length--;
	}
	if (count < 2 || length < count || memcmp(text, number, count) != 0)
		return false;
	return strspn(text + count, "0") == length - count;
}

/* Six figures of a longer number, or the four it ends in, as of a telephone. */
static bool is_part(const PinView *view, const Figures *figures)
{
	for (size_t i = 0; i + 6 <= figures->count; i++)
		if (pin_view_find(view, figures->text + i, 6) != NULL)
			return true;
	return figures->count >= 8 &&
	       pin_view_find(view, figures->text + figures->count - 4, 4) != NULL;
}

/* The number itself, without its leading zeros, or a part of it. */
static bool is_own_number(const PinView *view, const Figures *figures)
{
	size_t zeros = strspn(figures->text, "0");
	const char *number = figures->text + zeros;
	size_t count = figures->count - zeros;

	if (figures->count < 2)
		return false;
	if ((count >= 4 && pin_view_find(view, number, count) != NULL) || is_part(view, figures))
		return true;
	if (!view->is_number)
		return false;
	return is_nearly(view, figures) || (count < 4 && is_filled_up(view, number, count)) ||
	       (view->length >= 4 &&
		memmem(figures->text, figures->count, view->text, view->length) != NULL);
}

/* A number with letters in it, OP000123, as it stands on the card. */
static bool is_own_code(const PinView *view, const char *word)
{
	char code[PIN_POLICY_LENGTH_MAX + 1];
	size_t count = 0, figures = 0;

	for (; *word != '\0' && count < sizeof code - 1; word++) {
		bool is_figure = pin_view_is_digit(*word),
		     is_capital = *word >= 'A' && *word <= 'Z';

		if (!is_figure && !is_capital && !pin_view_is_letter(*word))
			return false;
		figures += is_figure;
		code[count++] = is_capital ? (char) (*word - 'A' + 'a') : *word;
	}
	return count >= 4 && figures > 0 && figures < count &&
	       pin_view_find(view, code, count) != NULL;
}

static size_t read_number(const char **at, unsigned *ret_number)
{
	size_t length = 0;

	while (length < 8 && pin_view_is_digit((*at)[length]))
		length++;
	*ret_number = pin_view_value(*at, length);
	*at += length;
	return length;
}

/* 1985-04-12, 1985/4/12, 1985.4.12, 19850412 */
static bool read_date(const char *at, unsigned ret_parts[3])
{
	size_t length = read_number(&at, &ret_parts[0]);

	if (length == 8 && *at == '\0') {
		ret_parts[2] = ret_parts[0] % 100;
		ret_parts[1] = ret_parts[0] / 100 % 100;
		ret_parts[0] /= 10000;
	} else {
		for (int i = 1; i < 3; i++) {
			if (length == 0 || *at == '\0' || strchr("-/.", *at) == NULL)
				return false;
			at++;
			length = read_number(&at, &ret_parts[i]);
		}
	}
	return length > 0 && *at == '\0' && ret_parts[0] >= 1868 && ret_parts[0] <= 2100 &&
	       ret_parts[1] >= 1 && ret_parts[1] <= 12 && ret_parts[2] >= 1 && ret_parts[2] <= 31;
}

/* The year, or month and day in either order, or without zeros behind the year's two figures. */
static bool is_own_date(const PinView *view, const unsigned parts[3])
{
	char texts[4][16];
	unsigned year = parts[0], month = parts[1], day = parts[2];

	(void) snprintf(texts[0], sizeof texts[0], "%04u", year);
	(void) snprintf(texts[1], sizeof texts[1], "%02u%02u", month, day);
	(void) snprintf(texts[2], sizeof texts[2], "%02u%02u", day, month);
	(void) snprintf(texts[3], sizeof texts[3], "%02u%u%u", year % 100, month, day);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (pin_view_find(view, texts[i], strlen(texts[i])) != NULL)
			return true;
	return false;
}

static uint32_t rules_of(const PinView *view, const PinView *backwards, const char *word)
{
	unsigned parts[3];
	Figures figures;

	if (read_date(word, parts))
		return is_own_date(view, parts) || is_own_date(backwards, parts) ? RULE(OWN_DATE)
										 : 0;
	collect_figures(word, &figures);
	return (is_own_number(view, &figures) || is_own_number(backwards, &figures) ||
				is_own_code(view, word) || is_own_code(backwards, word)
			? RULE(OWN_NUMBER)
			: 0) |
	       (is_own_name(view, backwards, word) ? RULE(OWN_NAME) : 0);
}

uint32_t pin_own_rules(const PinView *view, const PinContext *context)
{
	PinView backwards;
	uint32_t rules = 0;

	if (context == NULL)
		return 0;
	pin_view_reverse(view, &backwards);
	for (size_t i = 0; i < context->count; i++)
		if (context->words[i] != NULL)
			rules |= rules_of(view, &backwards, context->words[i]);
	pin_view_erase(&backwards);
	return rules;
}
