/* SPDX-License-Identifier: Apache-2.0
 * Pages of a letter. */
#include "forms/letter.h"

#include "forms/form_error.h"
#include "forms/frame_page.h"

double letter_width(const Letter *letter)
{
	return letter->form->width - letter->form->left - letter->form->right;
}

double letter_page_height(const Letter *letter)
{
	return letter->form->height - letter->form->top - letter->form->bottom;
}

double letter_room(const Letter *letter)
{
	return letter->form->height - letter->form->bottom - letter->y + 0.1;
}

gboolean letter_end(Letter *letter, GError **error)
{
	if (!frame_page_draw(&letter->draw, letter->form, &letter->scope, error))
		return FALSE;
	if (letter->draw.cr != NULL)
		cairo_show_page(letter->draw.cr);
	return TRUE;
}

gboolean letter_begin_page(Letter *letter, GError **error)
{
	if (!letter_end(letter, error))
		return FALSE;
	letter->scope.page++;
	letter->y = letter->form->top;
	return TRUE;
}

gboolean letter_reserve(Letter *letter, double height, GError **error)
{
	if (height <= letter_room(letter))
		return TRUE;
	if (height > letter_page_height(letter) + 0.1)
		return form_error_set(error, FORM_ERROR_INPUT, "１頁に入りません",
				      "does not fit a page");
	return letter_begin_page(letter, error);
}

guint letter_lines(const Letter *letter, double pitch, double margin)
{
	return (guint) MAX(0, (letter_room(letter) - margin) / pitch);
}
