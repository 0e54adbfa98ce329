/* SPDX-License-Identifier: Apache-2.0
 * The letter runs twice: once without a page to learn how many there are and that every glyph
 * exists, once to draw. */
#include "forms/letter_page.h"

#include "forms/form_body.h"
#include "forms/form_error.h"
#include "forms/frame_page.h"
#include "forms/letter.h"
#include "forms/letter_box.h"
#include "forms/letter_chart.h"
#include "forms/letter_table.h"
#include "forms/letter_text.h"
#include "forms/nearest.h"

static gboolean put_any(Letter *letter, const FormLine *line, GError **error)
{
	switch (line->kind) {
	case FORM_LINE_SPACE:
		letter->y += line->number * letter->form->size * LETTER_PITCH;
		return TRUE;
	case FORM_LINE_TEXT:
	case FORM_LINE_HEADING:
	case FORM_LINE_ITEM:
	case FORM_LINE_SIGN:
	case FORM_LINE_NOTE:
	case FORM_LINE_AT:
		return letter_text_put(letter, line, error);
	case FORM_LINE_BOX:
		return letter_box_put(letter, line, error);
	case FORM_LINE_TABLE:
		return letter_table_put(letter, line, error);
	case FORM_LINE_CHART:
		return letter_chart_put(letter, line, error);
	case FORM_LINE_PAGE:
		return letter_begin_page(letter, error);
	case FORM_LINE_IF:
	case FORM_LINE_UNLESS:
	case FORM_LINE_END:
	case _FORM_LINE_KIND_MAX:
		break;
	}
	return TRUE;
}

/* A blank form shows what may have to be filled in. */
static gboolean holds(const Letter *letter, const FormLine *line)
{
	const char *table = form_body_condition_table(line);
	gboolean is_there;

	if (letter->data == NULL)
		return line->kind == FORM_LINE_IF;
	is_there = table != NULL ? data_table_rows(data_table(letter->data, table)) > 0
				 : placeholder_holds(line->text[0], line->text[1], &letter->scope);
	return is_there == (line->kind == FORM_LINE_IF);
}

/* The line to go on with after a condition at i: its 終わり where it does not hold. */
static guint pass_condition(const Letter *letter, guint i)
{
	if (holds(letter, &letter->form->line[i]))
		return i;
	while (letter->form->line[i].kind != FORM_LINE_END)
		i++;
	return i;
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
	double line = letter->form->size * LETTER_PITCH, height = 0;

	for (guint i = from; i < until; i++)
		height += letter->form->line[i].kind == FORM_LINE_SPACE
				  ? letter->form->line[i].number * line
				  : line;
	for (guint row = 0; row < data_rows(letter->data); row++) {
		if (!letter_reserve(letter, height, error))
			return FALSE;
		letter->scope.row = (int) row;
		for (guint i = from; i < until; i++) {
			if (!put_any(letter, &letter->form->line[i], error))
				return form_error_prefix(error, "%u行目 ", "row %u: ", row + 1);
		}
		if (row + 1 < data_rows(letter->data))
			letter->y += line;
	}
	letter->scope.row = -1;
	return TRUE;
}

static gboolean put_next(Letter *letter, guint *i, GError **error)
{
	const FormLine *line = &letter->form->line[*i];
	guint rows = letter->form->n_columns > 0 ? 0 : data_rows(letter->data);
	guint end = rows > 1 ? block_end(letter->form, *i) : *i;
	guint from = *i;

	if (line->kind == FORM_LINE_IF || line->kind == FORM_LINE_UNLESS) {
		*i = pass_condition(letter, *i);
		return TRUE;
	}
	if (end == from)
		return put_any(letter, line, error);
	*i = end - 1;
	return put_block(letter, from, end, error);
}

/* A row of the letter's own table is no value of its lines. */
static gboolean run(Letter *letter, GError **error)
{
	const Form *form = letter->form;

	letter->scope.page = 1;
	letter->scope.row = data_rows(letter->data) == 1 && form->n_columns == 0 ? 0 : -1;
	letter->y = frame_page_top(form, letter->data);
	for (guint i = 0; i < form->n_lines; i++) {
		if (!put_next(letter, &i, error))
			return FALSE;
	}
	return letter_end(letter, error);
}

/* A table that the data does not have would read 該当なし, which may be untrue. */
static gboolean check_tables(const Letter *letter, GError **error)
{
	g_auto(GStrv) names = data_tables(letter->data);

	for (guint i = 0; letter->data != NULL && i < letter->form->n_tables; i++) {
		const char *name = letter->form->table[i].name;

		if (data_table(letter->data, name) == NULL) {
			nearest_refuse(error, name,
				       nearest_word(name, (const char *const *) names));
			return form_error_prefix(error,
						 "データにない表: ", "no such table in the data: ");
		}
	}
	return TRUE;
}

static gboolean has_label(const FormLine *line)
{
	return line->kind == FORM_LINE_ITEM || line->kind == FORM_LINE_SIGN ||
	       line->kind == FORM_LINE_NOTE || line->kind == FORM_LINE_BOX;
}

/* Labels of one kind are spread over the widest of them. */
static gboolean measure_labels(Letter *letter, GError **error)
{
	for (guint i = 0; i < letter->form->n_lines; i++) {
		const FormLine *line = &letter->form->line[i];
		double width;

		if (!has_label(line))
			continue;
		draw_place(&letter->draw, "", 0, line->text[0]);
		width = draw_label_width(&letter->draw, line->text[0], letter->form->size, error);
		if (width < 0)
			return FALSE;
		if (width > letter_width(letter) * 0.45)
			return form_error_set(error, FORM_ERROR_INPUT, "見出し「%s」が長すぎます",
					      "the label \"%s\" is too long", line->text[0]);
		letter->labels[line->kind] = MAX(letter->labels[line->kind], width);
	}
	return TRUE;
}

gboolean letter_page_draw(Draw *draw, cairo_surface_t *surface, const Form *form, const Data *data,
			  GError **error)
{
	Letter letter = { .draw = *draw, .surface = surface, .form = form, .data = data };

	letter.scope = (PlaceholderScope){ data, -1, 1, 1 };
	letter.draw.cr = NULL;
	if (!check_tables(&letter, error) || !measure_labels(&letter, error) ||
	    !run(&letter, error))
		return FALSE;
	letter.scope.pages = letter.scope.page;
	letter.draw.cr = draw->cr;
	return run(&letter, error);
}
