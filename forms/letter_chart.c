/* SPDX-License-Identifier: Apache-2.0
 * Bars lie, because Japanese labels do; the longest one takes the whole width, and every bar has
 * its number at its end, so that nothing has to be read off a scale. */
#include "forms/letter_chart.h"

#include <string.h>

#include "forms/form_error.h"

#define ROW        1.5  /* em, a bar with the air around it */
#define BAR        0.85 /* em */
#define PAD        0.6  /* em around the chart */
#define LABEL      0.28 /* of the width */
#define NUMBER     5.0  /* em, at the end of the longest bar */
#define GREY       0.55
#define BLANK_ROWS 6

typedef struct Chart {
	const Letter *letter;
	const DataTable *rows;
	const char *name;
	Field label, number;
	double most;
} Chart;

static gboolean number_of(const Chart *chart, guint row, double *ret_number, GError **error)
{
	const char *text = data_table_cell(chart->rows, row, chart->number);
	char *end = NULL;

	*ret_number = g_ascii_strtod(text, &end);
	if (*text == '\0' || (*end == '\0' && text[strspn(text, "0123456789.")] == '\0'))
		return TRUE;
	return form_error_set(error, FORM_ERROR_INPUT, "%s: %u行目 %s: 数値ではありません「%s」",
			      "%s: row %u, %s: not a number: \"%s\"", chart->name, row + 1,
			      field_word(chart->number), text);
}

static gboolean find_most(Chart *chart, GError **error)
{
	for (guint i = 0; i < data_table_rows(chart->rows); i++) {
		double number;

		if (!number_of(chart, i, &number, error))
			return FALSE;
		chart->most = MAX(chart->most, number);
	}
	return TRUE;
}

static gboolean draw_bar(const Chart *chart, guint row, const DrawBox *line, GError **error)
{
	const Draw *draw = &chart->letter->draw;
	double em = chart->letter->form->table_size, number = 0;
	double label = line->width * LABEL, whole = line->width - label - NUMBER * em;
	DrawStyle style = { em, em * 1.1, FORM_RIGHT, TRUE };
	DrawBox box = *line,
		bar = { line->x + label, line->y + (line->height - BAR * em) / 2, 0, BAR * em };

	if (!number_of(chart, row, &number, error))
		return FALSE;
	draw_place(draw, chart->name, row + 1, field_word(chart->label));
	box.x += em * 0.4;
	box.width = label - em;
	if (!draw_text(draw, data_table_cell(chart->rows, row, chart->label), &box, &style, error))
		return FALSE;
	bar.width = chart->most > 0 ? whole * number / chart->most : 0;
	draw_fill(draw, &bar, GREY);
	box.x = bar.x + bar.width + em * 0.4;
	box.width = NUMBER * em;
	style.align = FORM_LEFT;
	return draw_text(draw, data_table_cell(chart->rows, row, chart->number), &box, &style,
			 error);
}

gboolean letter_chart_put(Letter *letter, const FormLine *line, GError **error)
{
	const Form *form = letter->form;
	double em = form->table_size;
	Chart chart = { .letter = letter,
			.rows = data_table(letter->data, line->text[0]),
			.name = line->text[0],
			.label = field_of_word(line->text[1]),
			.number = field_of_word(line->text[2]) };
	guint n = data_table_rows(chart.rows);
	DrawBox frame = { form->left, 0, letter_width(letter),
			  ((n == 0 ? BLANK_ROWS : n) * ROW + 2 * PAD) * em };
	DrawBox bar = { form->left, 0, letter_width(letter) - PAD * em, ROW * em };

	if (!find_most(&chart, error))
		return FALSE;
	if (!letter_reserve(letter, frame.height, error))
		return form_error_prefix(error, "グラフ %s: ", "chart %s: ", chart.name);
	frame.y = letter->y;
	draw_frame(&letter->draw, &frame, DRAW_THIN);
	for (guint i = 0; i < n; i++) {
		bar.y = letter->y + (PAD + i * ROW) * em;
		if (!draw_bar(&chart, i, &bar, error))
			return FALSE;
	}
	bar.x += letter_width(letter) * LABEL - PAD * em * LABEL;
	draw_line(&letter->draw, (DrawPoint){ bar.x, frame.y + PAD * em * 0.5 },
		  (DrawPoint){ bar.x, frame.y + frame.height - PAD * em * 0.5 }, DRAW_THIN);
	letter->y += frame.height + em * 0.5;
	return TRUE;
}
