/* SPDX-License-Identifier: Apache-2.0
 * Each format is a row: where year, month and day stand. */
#include "pkcs11/pin_date.h"

#include <string.h>

#define FIRST_YEAR 1930
#define LAST_YEAR  2029

typedef struct Format {
	unsigned char length;
	unsigned char year, year_length, month, month_length, day, day_length;
} Format;

/* clang-format off */
static const Format western[] = {
	{ 6, 0, 2, 2, 2, 4, 2 }, /* yymmdd */
	{ 6, 4, 2, 2, 2, 0, 2 }, /* ddmmyy */
	{ 6, 4, 2, 0, 2, 2, 2 }, /* mmddyy */
	{ 6, 0, 4, 4, 1, 5, 1 }, /* yyyymd */
	{ 7, 0, 4, 4, 1, 5, 2 }, /* yyyymdd */
	{ 7, 0, 4, 4, 2, 6, 1 }, /* yyyymmd */
	{ 8, 0, 4, 4, 2, 6, 2 }, /* yyyymmdd */
	{ 8, 4, 4, 2, 2, 0, 2 }, /* ddmmyyyy */
	{ 8, 4, 4, 0, 2, 2, 2 }, /* mmddyyyy */
};

/* Behind the letter or the number of an era. */
static const Format era_formats[] = {
	{ 4, 0, 1, 1, 2, 3, 1 }, { 4, 0, 1, 1, 1, 2, 2 }, { 4, 0, 2, 2, 1, 3, 1 },
	{ 5, 0, 1, 1, 2, 3, 2 }, { 5, 0, 2, 2, 2, 4, 1 }, { 5, 0, 2, 2, 1, 3, 2 },
	{ 6, 0, 2, 2, 2, 4, 2 },
};

/* How residents' records code them: 1 明治 2 大正 3 昭和 4 平成 5 令和. */
static const struct {
	char letter;
	char code;
	unsigned before; /* western year of the year 0 */
	unsigned years;
} eras[] = {
	{ 'm', '1', 1867, 45 }, { 't', '2', 1911, 15 }, { 's', '3', 1925, 64 },
	{ 'h', '4', 1988, 31 }, { 'r', '5', 2018, 11 },
};
/* clang-format on */

static bool are_digits(const char *at, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!pin_view_is_digit(at[i]))
			return false;
	return true;
}

static unsigned days_of(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && is_leap ? 29 : days[month - 1];
}

static bool is_day(unsigned year, unsigned month, unsigned day)
{
	return month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month);
}

static bool is_western(const char *at, const Format *format)
{
	unsigned year = pin_view_value(at + format->year, format->year_length);
	unsigned month = pin_view_value(at + format->month, format->month_length);
	unsigned day = pin_view_value(at + format->day, format->day_length);

	if (format->year_length == 2)
		year += year < FIRST_YEAR % 100 ? 2000 : 1900;
	return year >= FIRST_YEAR && year <= LAST_YEAR && is_day(year, month, day);
}

/* At the era number `era`, or in any of them for -1. */
static bool is_of_era(const char *at, const Format *format, int era)
{
	unsigned year = pin_view_value(at + format->year, format->year_length);
	unsigned month = pin_view_value(at + format->month, format->month_length);
	unsigned day = pin_view_value(at + format->day, format->day_length);

	for (int i = 0; i < (int) (sizeof eras / sizeof eras[0]); i++)
		if ((era < 0 || era == i) && year >= 1 && year <= eras[i].years &&
		    is_day(eras[i].before + year, month, day))
			return true;
	return false;
}

static int era_of(char c)
{
	for (int i = 0; i < (int) (sizeof eras / sizeof eras[0]); i++)
		if (c == eras[i].letter || c == eras[i].code)
			return i;
	return -1;
}

static bool is_date_at(const char *at, size_t length)
{
	for (size_t i = 0; i < sizeof western / sizeof western[0]; i++)
		if (western[i].length == length && is_western(at, &western[i]))
			return true;
	return false;
}

/* `length` counts the letter or number of the era. A number needs all figures behind it. */
static bool is_era_date_at(const char *at, size_t length)
{
	int era = era_of(at[0]);

	if (era < 0 || !are_digits(at + 1, length - 1) || (pin_view_is_digit(at[0]) && length != 7))
		return false;
	for (size_t i = 0; i < sizeof era_formats / sizeof era_formats[0]; i++)
		if (era_formats[i].length == length - 1 && is_of_era(at + 1, &era_formats[i], era))
			return true;
	return false;
}

bool pin_date_is_date(const PinView *view)
{
	return view->is_number && is_date_at(view->text, view->length);
}

bool pin_date_is_wareki(const PinView *view)
{
	static const Format plain = { 6, 0, 2, 2, 2, 4, 2 };

	if (view->is_number && view->length == plain.length)
		return is_of_era(view->text, &plain, -1);
	return view->length > 0 && is_era_date_at(view->text, view->length);
}

bool pin_date_is_western_year(const char *at)
{
	unsigned year = are_digits(at, 4) ? pin_view_value(at, 4) : 0;

	return year >= FIRST_YEAR && year <= LAST_YEAR;
}

static bool is_month(const char *at)
{
	return pin_view_value(at, 2) >= 1 && pin_view_value(at, 2) <= 12;
}

bool pin_date_is_year(const PinView *view)
{
	const char *text = view->text;

	if (!view->is_number)
		return false;
	if (view->length == 6)
		return (pin_date_is_western_year(text) &&
			(is_month(text + 4) || text[4] == text[5])) ||
		       (pin_date_is_western_year(text + 2) &&
			(is_month(text) || text[0] == text[1]));
	return view->length == 8 && pin_date_is_western_year(text) &&
	       pin_date_is_western_year(text + 4);
}

size_t pin_date_part(const char *at, size_t left)
{
	static const unsigned char lengths[] = { 8, 6 };

	for (size_t i = 0; i < sizeof lengths; i++)
		if (lengths[i] <= left && are_digits(at, lengths[i]) && is_date_at(at, lengths[i]))
			return lengths[i];
	for (size_t length = 7; length >= 5; length--)
		if (length <= left && pin_view_is_letter(at[0]) && is_era_date_at(at, length))
			return length;
	if (left >= 4 && (pin_date_is_western_year(at) ||
			  (are_digits(at, 4) && is_month(at) &&
			   is_day(2000, pin_view_value(at, 2), pin_view_value(at + 2, 2)))))
		return 4;
	return 0;
}
