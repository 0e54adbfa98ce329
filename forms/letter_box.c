/* SPDX-License-Identifier: Apache-2.0
 * Boxes one below the other share their rule, because the next one begins where the last ended. */
#include "forms/letter_box.h"

#include "forms/form_error.h"

#define PITCH 1.4
#define PAD   0.5 /* em, on every side */

static DrawBox label_box(const Letter *letter, double height)
{
	double em = letter->form->size;

	return (DrawBox){ letter->form->left, letter->y,
			  letter->labels[FORM_LINE_BOX] + 2 * PAD * em, height };
}

static gboolean draw_box(const Letter *letter, const FormLine *line, const char *text,
			 const DrawStyle *style, double height, GError **error)
{
	double em = letter->form->size;
	DrawBox label = label_box(letter, height), value = label, inner = label;
	double text_height = style->most * style->pitch + 2 * PAD * em;

	value.x += label.width;
	value.width = letter_width(letter) - label.width;
	draw_frame(&letter->draw, &label, DRAW_THIN * 1.5);
	draw_frame(&letter->draw, &value, DRAW_THIN * 1.5);
	inner.x += PAD * em;
	inner.width -= 2 * PAD * em;
	value.x += PAD * em;
	value.width -= 2 * PAD * em;
	/* Room left free for handwriting is below what is printed. */
	if (line->number > 1)
		value.height = MIN(height, text_height);
	return draw_spread(&letter->draw, line->text[0], &inner, style, error) &&
	       draw_text(&letter->draw, text, &value, style, error);
}

static gboolean put(Letter *letter, const FormLine *line, const char *text, guint lines,
		    GError **error)
{
	double em = letter->form->size, pad = 2 * PAD * em;
	DrawStyle style = { em, em * PITCH, FORM_LEFT, FALSE };
	double height = MAX(lines, line->number) * style.pitch + pad;

	if (height <= letter_page_height(letter) && !letter_reserve(letter, height, error))
		return FALSE;
	for (guint done = 0; done < lines; done += style.most) {
		guint room = letter_lines(letter, style.pitch, pad);

		style.first = done;
		style.most = MIN(room, lines - done);
		if (style.most > 0) {
			double least = done == 0 ? MIN(line->number, room) : 1;

			height = MAX(style.most, least) * style.pitch + pad;
			if (!draw_box(letter, line, text, &style, height, error))
				return FALSE;
			letter->y += height;
		}
		if (done + style.most < lines && !letter_begin_page(letter, error))
			return FALSE;
	}
	return TRUE;
}

gboolean letter_box_put(Letter *letter, const FormLine *line, GError **error)
{
	double em = letter->form->size;
	DrawStyle style = { em, em * PITCH, FORM_LEFT, FALSE };
	double width = letter_width(letter) - label_box(letter, 0).width - 2 * PAD * em;
	g_autofree char *text = placeholder_fill(line->text[1], &letter->scope, error);
	guint lines;

	if (text == NULL)
		return FALSE;
	draw_place(&letter->draw, "", 0, line->text[0]);
	lines = draw_measure(&letter->draw, text, width, &style, error);
	return lines > 0 && put(letter, line, text, lines, error);
}
