/* SPDX-License-Identifier: Apache-2.0
 * Labels of one kind are spread over the widest of them, values stand on a rule. */
#include "forms/letter_text.h"

#include "forms/form_error.h"
#include "forms/frame_page.h"

#define SIGN_FROM 0.40 /* signatures begin there, of the content's width */

/* Where the parts of one line stand, from left to right. */
typedef struct Place {
	double label_x, label_width;
	double x, width; /* the text or value */
	double mark_x;
} Place;

static Place place_of(const Letter *letter, const FormLine *line)
{
	double em = letter->form->size, left = letter->form->left;
	double right = letter->form->width - letter->form->right;
	double label = letter->labels[line->kind];
	Place place = {
		.label_x = left, .label_width = label, .x = left, .mark_x = right - 2 * em
	};

	if (line->kind == FORM_LINE_ITEM) {
		place.label_x = left + em;
		place.x = place.label_x + label + 2 * em;
		right -= em;
	} else if (line->kind == FORM_LINE_SIGN) {
		place.label_x = left + letter_width(letter) * SIGN_FROM;
		place.x = place.label_x + label + em;
		right -= 3 * em;
	} else if (line->kind == FORM_LINE_NOTE) {
		place.x = left + label + 0.5 * em;
	}
	place.width = right - place.x;
	return place;
}

/* Label, colon, mark and the rule under the value. */
static gboolean draw_furniture(const Letter *letter, const FormLine *line, const Place *place,
			       double height, GError **error)
{
	const Draw *draw = &letter->draw;
	double em = letter->form->size, line_height = em * LETTER_PITCH;
	DrawStyle style = { em, em * LETTER_CONTINUED, FORM_LEFT, FALSE };
	DrawBox label = { place->label_x, letter->y, place->label_width + 1, line_height };
	DrawBox colon = { place->label_x + place->label_width, letter->y, em * 1.5, line_height };
	DrawBox mark = { place->mark_x, letter->y + height - line_height, em * 1.5, line_height };
	double rule = letter->y + height - em * 0.18;

	if (line->kind == FORM_LINE_NOTE)
		return draw_text(draw, line->text[0], &label, &style, error);
	label.width = place->label_width;
	if (!draw_spread(draw, line->text[0], &label, &style, error))
		return FALSE;
	if (line->kind == FORM_LINE_ITEM && !draw_text(draw, "：", &colon, &style, error))
		return FALSE;
	if (*line->text[1] != '\0')
		draw_line(draw, (DrawPoint){ place->x - em * 0.3, rule },
			  (DrawPoint){ place->x + place->width, rule }, DRAW_THIN);
	return line->kind != FORM_LINE_SIGN || !frame_page_has_seal(letter->form, letter->data) ||
	       draw_text(draw, line->text[2], &mark, &style, error);
}

/* A paragraph of that many lines, as many on each page as there is room for. */
static gboolean put_long(Letter *letter, const char *text, guint lines, DrawStyle *style,
			 GError **error)
{
	double margin = style->size * LETTER_PITCH - style->pitch;

	for (guint done = 0; done < lines; done += style->most) {
		guint room = letter_lines(letter, style->pitch, margin);
		DrawBox box = { letter->form->left, letter->y, letter_width(letter), 0 };

		style->first = done;
		style->most = MIN(room, lines - done);
		box.height = style->most * style->pitch + margin;
		if (style->most > 0 && !draw_text(&letter->draw, text, &box, style, error))
			return FALSE;
		letter->y += style->most > 0 ? box.height : 0;
		if (done + style->most < lines && !letter_begin_page(letter, error))
			return FALSE;
	}
	return TRUE;
}

static void add_bookmark(const Letter *letter, const char *text)
{
	g_autofree char *where = g_strdup_printf("page=%u pos=[%d %d]", letter->scope.page,
						 (int) letter->form->left, (int) letter->y);

	if (letter->draw.cr != NULL && letter->surface != NULL && *text != '\0')
		cairo_pdf_surface_add_outline(letter->surface, CAIRO_PDF_OUTLINE_ROOT, text, where,
					      0);
}

static gboolean put_text(Letter *letter, const FormLine *line, const char *text, GError **error)
{
	double em = letter->form->size, height;
	gboolean is_heading = line->kind == FORM_LINE_HEADING;
	gboolean is_value = line->kind == FORM_LINE_ITEM || line->kind == FORM_LINE_SIGN;
	gboolean has_label = is_value || line->kind == FORM_LINE_NOTE;
	Place place = place_of(letter, line);
	DrawStyle style = { is_heading ? em * 1.08 : em, em * LETTER_CONTINUED, line->align,
			    is_value };
	guint lines = draw_measure(&letter->draw, text, place.width, &style, error);
	DrawBox box;

	if (lines == 0)
		return FALSE;
	height = em * LETTER_PITCH + (lines - 1) * style.pitch;
	if (!has_label && height > letter_page_height(letter))
		return put_long(letter, text, lines, &style, error);
	/* A heading takes the line after it along. */
	if (!letter_reserve(letter, is_heading ? height + 3 * em * LETTER_PITCH : height, error))
		return FALSE;
	if (is_heading) {
		letter->y += letter->y > letter->form->top ? em * 0.4 : 0;
		add_bookmark(letter, text);
	}
	box = (DrawBox){ place.x, letter->y, place.width, height };
	if ((has_label && !draw_furniture(letter, line, &place, height, error)) ||
	    !draw_text(&letter->draw, text, &box, &style, error))
		return FALSE;
	letter->y += height;
	return TRUE;
}

/* Somewhere on the page, in as many lines as it takes; the letter stays where it is. */
static gboolean put_at(Letter *letter, const FormLine *line, const char *text, GError **error)
{
	double em = letter->form->size;
	DrawStyle style = { em, em * LETTER_CONTINUED, FORM_LEFT, TRUE };
	guint lines = draw_measure(&letter->draw, text, line->at[2], &style, error);
	DrawBox box = { line->at[0], line->at[1], line->at[2],
			em * LETTER_PITCH + (lines - 1) * style.pitch };

	return lines > 0 && draw_text(&letter->draw, text, &box, &style, error);
}

gboolean letter_text_put(Letter *letter, const FormLine *line, GError **error)
{
	gboolean is_first = line->kind == FORM_LINE_TEXT || line->kind == FORM_LINE_HEADING;
	g_autofree char *text =
		placeholder_fill(line->text[is_first ? 0 : 1], &letter->scope, error);
	guint row = letter->scope.row < 0 ? 0 : (guint) letter->scope.row + 1;

	if (text == NULL)
		return FALSE;
	draw_place(&letter->draw, "", row, line->text[0]);
	return line->kind == FORM_LINE_AT ? put_at(letter, line, text, error)
					  : put_text(letter, line, text, error);
}
