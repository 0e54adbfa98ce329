/* SPDX-License-Identifier: Apache-2.0
 * The letter runs twice: once without a page to learn how many there are and that every glyph
 * exists, once to draw. */
#include "forms/letter_page.h"

#include "forms/form_error.h"
#include "forms/frame_page.h"
#include "forms/placeholder.h"

#define PITCH     1.75 /* of the type size: a line of the letter */
#define CONTINUED 1.4  /* between lines of one paragraph */
#define SIGN_FROM 0.40 /* signatures begin there, of the content's width */

typedef struct Letter {
	Draw draw;
	const Form *form;
	const Data *data;
	PlaceholderScope scope;
	double y;
	double labels[_FORM_LINE_KIND_MAX]; /* widest label of items and of signatures */
} Letter;

static double content_width(const Form *form)
{
	return form->width - form->left - form->right;
}

static gboolean end_page(Letter *letter, GError **error)
{
	if (!frame_page_draw(&letter->draw, letter->form, &letter->scope, error))
		return FALSE;
	if (letter->draw.cr != NULL)
		cairo_show_page(letter->draw.cr);
	return TRUE;
}

/* Begins a new page where the height is not left on this one. */
static gboolean reserve(Letter *letter, double height, GError **error)
{
	if (letter->y + height <= letter->form->height - letter->form->bottom + 0.1)
		return TRUE;
	if (!end_page(letter, error))
		return FALSE;
	letter->scope.page++;
	letter->y = letter->form->top;
	return TRUE;
}

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

	switch (line->kind) {
	case FORM_LINE_ITEM:
		place.label_x = left + em;
		place.x = place.label_x + label + 2 * em;
		right -= em;
		break;
	case FORM_LINE_SIGN:
		place.label_x = left + content_width(letter->form) * SIGN_FROM;
		place.x = place.label_x + label + em;
		right -= 3 * em;
		break;
	case FORM_LINE_NOTE:
		place.x = left + label;
		break;
	case FORM_LINE_TEXT:
	case FORM_LINE_SPACE:
	case _FORM_LINE_KIND_MAX:
		break;
	}
	place.width = right - place.x;
	return place;
}

/* Label, colon, mark and the rule under the value. */
static gboolean draw_furniture(const Letter *letter, const FormLine *line, const Place *place,
			       double height, GError **error)
{
	const Draw *draw = &letter->draw;
	double em = letter->form->size;
	DrawStyle style = { em, em * CONTINUED, FORM_LEFT, FALSE };
	DrawBox label = { place->label_x, letter->y, place->label_width + 1, em * PITCH };
	DrawBox colon = { place->label_x + place->label_width, letter->y, em * 1.5, em * PITCH };
	DrawBox mark = { place->mark_x, letter->y + height - em * PITCH, em * 1.5, em * PITCH };
	double rule = letter->y + height - em * 0.18;

	if (line->kind == FORM_LINE_NOTE)
		return draw_text(draw, line->text[0], &label, &style, error);
	label.width = place->label_width;
	if (!draw_spread(draw, line->text[0], &label, &style, error))
		return FALSE;
	if (line->kind == FORM_LINE_ITEM && !draw_text(draw, "：", &colon, &style, error))
		return FALSE;
	draw_line(draw, (DrawPoint){ place->x - em * 0.3, rule },
		  (DrawPoint){ place->x + place->width, rule }, DRAW_THIN);
	return line->kind != FORM_LINE_SIGN || draw_text(draw, line->text[2], &mark, &style, error);
}

static gboolean put_line(Letter *letter, const FormLine *line, GError **error)
{
	double em = letter->form->size, height;
	gboolean is_text = line->kind == FORM_LINE_TEXT;
	Place place = place_of(letter, line);
	gboolean is_value = line->kind == FORM_LINE_ITEM || line->kind == FORM_LINE_SIGN;
	DrawStyle style = { em, em * CONTINUED, line->align, is_value };
	g_autofree char *text =
		placeholder_fill(line->text[is_text ? 0 : 1], &letter->scope, error);
	guint lines =
		text == NULL ? 0 : draw_measure(&letter->draw, text, place.width, &style, error);

	if (lines == 0)
		return FALSE;
	height = em * PITCH + (lines - 1) * style.pitch;
	if (!reserve(letter, height, error))
		return FALSE;
	if (!is_text && !draw_furniture(letter, line, &place, height, error))
		return FALSE;
	if (!draw_text(&letter->draw, text, &(DrawBox){ place.x, letter->y, place.width, height },
		       &style, error))
		return FALSE;
	letter->y += height;
	return TRUE;
}

static gboolean put_any(Letter *letter, guint i, GError **error)
{
	const FormLine *line = &letter->form->line[i];

	if (line->kind == FORM_LINE_SPACE) {
		letter->y += line->space * letter->form->size * PITCH;
		return TRUE;
	}
	return put_line(letter, line, error);
}

/* Where the block of 項目 lines beginning at i ends, spaces between them included; i where no
 * line of it asks for a column of the rows. */
static guint block_end(const Form *form, guint i)
{
	guint end = i;
	gboolean has_column = FALSE;

	for (guint j = i; j < form->n_lines && (form->line[j].kind == FORM_LINE_ITEM ||
						(form->line[j].kind == FORM_LINE_SPACE && j > i));
	     j++) {
		if (form->line[j].kind == FORM_LINE_SPACE)
			continue;
		end = j + 1;
		has_column = has_column || placeholder_has_column(form->line[j].text[1]);
	}
	return has_column ? end : i;
}

/* The block once for every row, and never across two pages. */
static gboolean put_block(Letter *letter, guint from, guint until, GError **error)
{
	double line = letter->form->size * PITCH, height = 0;

	for (guint i = from; i < until; i++)
		height += letter->form->line[i].kind == FORM_LINE_SPACE
				  ? letter->form->line[i].space * line
				  : line;
	for (guint row = 0; row < data_rows(letter->data); row++) {
		if (!reserve(letter, height, error))
			return FALSE;
		letter->scope.row = (int) row;
		for (guint i = from; i < until; i++) {
			if (!put_any(letter, i, error))
				return form_error_prefix(error, "%u行目 ", "row %u: ", row + 1);
		}
		if (row + 1 < data_rows(letter->data))
			letter->y += line;
	}
	letter->scope.row = -1;
	return TRUE;
}

static gboolean run(Letter *letter, GError **error)
{
	const Form *form = letter->form;
	guint rows = data_rows(letter->data);

	letter->scope.page = 1;
	letter->scope.row = rows == 1 ? 0 : -1;
	letter->y = frame_page_top(form);
	for (guint i = 0; i < form->n_lines; i++) {
		guint end = rows > 1 ? block_end(form, i) : i;

		if (end > i ? !put_block(letter, i, end, error) : !put_any(letter, i, error))
			return FALSE;
		if (end > i)
			i = end - 1;
	}
	return end_page(letter, error);
}

/* Labels of one kind are spread over the widest of them. */
static gboolean measure_labels(Letter *letter, GError **error)
{
	for (guint i = 0; i < letter->form->n_lines; i++) {
		const FormLine *line = &letter->form->line[i];
		double width;

		if (line->kind == FORM_LINE_SPACE || line->kind == FORM_LINE_TEXT)
			continue;
		width = draw_label_width(&letter->draw, line->text[0], letter->form->size, error);
		if (width < 0)
			return FALSE;
		if (width > content_width(letter->form) * 0.45)
			return form_error_set(error, FORM_ERROR_INPUT, "見出し「%s」が長すぎます",
					      "the label \"%s\" is too long", line->text[0]);
		letter->labels[line->kind] = MAX(letter->labels[line->kind], width);
	}
	return TRUE;
}

gboolean letter_page_draw(Draw *draw, const Form *form, const Data *data, GError **error)
{
	Letter letter = { .draw = *draw, .form = form, .data = data };

	letter.scope = (PlaceholderScope){ data, -1, 1, 1 };
	letter.draw.cr = NULL;
	if (!measure_labels(&letter, error) || !run(&letter, error))
		return FALSE;
	letter.scope.pages = letter.scope.page;
	letter.draw.cr = draw->cr;
	return run(&letter, error);
}
