/* SPDX-License-Identifier: Apache-2.0
 * Character work without the locale: isdigit() and tolower() may see more than ASCII. */
#include "pkcs11/pin_view.h"

#include <string.h>

#include "pkcs11/secret.h"

bool pin_view_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool pin_view_is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

void pin_view_set(PinView *view, const char *bytes, size_t length)
{
	memset(view, 0, sizeof *view);
	view->length = length < PIN_POLICY_LENGTH_MAX ? length : PIN_POLICY_LENGTH_MAX;
	view->is_number = view->length > 0;
	for (size_t i = 0; i < view->length; i++) {
		char c = bytes[i];
		bool is_capital = c >= 'A' && c <= 'Z';

		view->text[i] = is_capital ? (char) (c - 'A' + 'a') : c;
		view->capitals |= (uint64_t) is_capital << i;
		if (!pin_view_is_digit(c))
			view->is_number = false;
	}
}

void pin_view_erase(PinView *view)
{
	secret_erase(view, sizeof *view);
}

void pin_view_reverse(const PinView *view, PinView *ret_reversed)
{
	memset(ret_reversed, 0, sizeof *ret_reversed);
	ret_reversed->length = view->length;
	ret_reversed->is_number = view->is_number;
	for (size_t i = 0; i < view->length; i++) {
		size_t from = view->length - 1 - i;

		ret_reversed->text[i] = view->text[from];
		ret_reversed->capitals |= (view->capitals >> from & 1) << i;
	}
}

unsigned pin_view_value(const char *at, size_t count)
{
	unsigned value = 0;

	for (size_t i = 0; i < count; i++)
		value = value * 10 + (unsigned) (at[i] - '0');
	return value;
}

const char *pin_view_find(const PinView *view, const char *part, size_t length)
{
	return length == 0 ? NULL : memmem(view->text, view->length, part, length);
}
