/* SPDX-License-Identifier: Apache-2.0
 * Cells are measured once to settle the rows' heights and drawn later; a date that is none and a
 * text that does not fit are found while measuring. */
#include "forms/table.h"

#include <string.h>

#include "forms/era.h"
#include "forms/form_error.h"

#define CELL_PAD  FORM_POINTS(1.0) /* left and right of a cell's text */
#define CELL_ROOM 4.0              /* points above and below it together */
#define PITCH     1.15             /* of the type size */

double table_width(const Table *table)
{
	double width = 0;

	for (guint i = 0; i < table->n_columns; i++)
		width += table->column[i].width;
	return width;
}

double table_lines_height(const Table *table, guint lines)
{
	return lines * table->size * PITCH + CELL_ROOM;
}

guint table_lines_in(const Table *table, double height)
{
	return (guint) MAX(0, (height - CELL_ROOM) / (table->size * PITCH) + 1e-6);
}

static guint lines_of(const char *text)
{
	guint lines = 1;

	for (; text != NULL && *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* Lines of the upper and of the lower level; the whole heading where there is one level. */
static void heading_lines(const Table *table, guint *ret_upper, guint *ret_lower)
{
	guint single = 1;

	*ret_upper = 0;
	*ret_lower = 1;
	for (guint i = 0; i < table->n_columns; i++) {
		const FormColumn *column = &table->column[i];

		if (column->group == NULL) {
			single = MAX(single, lines_of(column->head));
			continue;
		}
		*ret_upper = MAX(*ret_upper, lines_of(column->group));
		*ret_lower = MAX(*ret_lower, lines_of(column->head));
	}
	if (*ret_upper + *ret_lower < single)
		*ret_lower = single - *ret_upper;
}

static double upper_height(const Table *table)
{
	guint upper, lower;

	heading_lines(table, &upper, &lower);
	return upper == 0 ? 0 : upper * table->size * PITCH * 1.4 + CELL_ROOM / 2;
}

double table_heading_height(const Table *table)
{
	guint upper, lower;

	heading_lines(table, &upper, &lower);
	if (upper > 0)
		return upper_height(table) + lower * table->size * PITCH * 1.4 + CELL_ROOM / 2;
	return (lower + 1) * table->size * PITCH + CELL_ROOM;
}

/* The cell as it is printed: dates in the office's style. Newly allocated. */
static char *cell_text(const Table *table, guint row, const FormColumn *column, GError **error)
{
	const char *text =
		column->field == _FIELD_MAX ? "" : data_table_cell(table->rows, row, column->field);
	EraDate date;

	if (column->date == _ERA_STYLE_MAX || *text == '\0')
		return g_strdup(text);
	if (!era_parse(text, &date)) {
		form_error_set(error, FORM_ERROR_INPUT, "「%s」は日付ではありません",
			       "\"%s\" is not a date", text);
		return NULL;
	}
	return era_format(&date, column->date);
}

static DrawStyle cell_style(const Table *table, const FormColumn *column)
{
	return (DrawStyle){ .size = table->size,
			    .pitch = table->size * PITCH,
			    .align = column->align,
			    .squeeze = column->squeeze };
}

static gboolean at_cell(const Table *table, guint row, const FormColumn *column, GError **error)
{
	return form_error_prefix(error,
				 "%s%s%u行目 %s（%s）: ", "%s%srow %u, %s (%s): ", table->name,
				 *table->name == '\0' ? "" : ": ", row + 1, column->head,
				 column->field == _FIELD_MAX ? "" : field_json(column->field));
}

guint table_measure_row(const Table *table, guint row, GError **error)
{
	guint most = 1;

	for (guint i = 0; i < table->n_columns; i++) {
		const FormColumn *column = &table->column[i];
		DrawStyle style = cell_style(table, column);
		g_autofree char *text = cell_text(table, row, column, error);
		guint lines;

		draw_place(table->draw, table->name, row + 1, column->head);
		lines = text == NULL ? 0
				     : draw_measure(table->draw, text, column->width - 2 * CELL_PAD,
						    &style, error);
		if (lines == 0) {
			at_cell(table, row, column, error);
			return 0;
		}
		most = MAX(most, lines);
	}
	return most;
}

static gboolean same_group(const Table *table, guint a, guint b)
{
	return b < table->n_columns && table->column[a].group != NULL &&
	       g_strcmp0(table->column[a].group, table->column[b].group) == 0;
}

/* The upper heading over all columns of a group, at its first column. */
static gboolean draw_group(const Table *table, guint column, const DrawBox *cell,
			   const DrawStyle *style, GError **error)
{
	DrawBox box = *cell;

	if (column > 0 && same_group(table, column - 1, column))
		return TRUE;
	for (guint i = column + 1; same_group(table, column, i); i++)
		box.width += table->column[i].width;
	draw_line(table->draw, (DrawPoint){ box.x, box.y + box.height },
		  (DrawPoint){ box.x + box.width, box.y + box.height }, DRAW_THIN);
	return draw_text(table->draw, table->column[column].group, &box, style, error);
}

gboolean table_draw_heading(const Table *table, double y, GError **error)
{
	double height = table_heading_height(table), upper = upper_height(table), x = table->x;

	draw_place(table->draw, table->name, 0, "見出し");
	for (guint i = 0; i < table->n_columns; i++) {
		const FormColumn *column = &table->column[i];
		DrawStyle style = cell_style(table, column);
		DrawBox cell = { x, y, column->width, upper };
		DrawBox text = { x + 2, y, column->width - 4, height };

		style.align = FORM_CENTRE;
		style.squeeze = TRUE;
		if (column->group != NULL) {
			if (!draw_group(table, i, &cell, &style, error))
				return FALSE;
			text.y += upper;
			text.height -= upper;
		}
		if (!draw_text(table->draw, column->head, &text, &style, error))
			return FALSE;
		x += column->width;
	}
	return TRUE;
}

gboolean table_draw_row(const Table *table, const TableRow *row, GError **error)
{
	double x = table->x;

	for (guint i = 0; i < table->n_columns; i++) {
		const FormColumn *column = &table->column[i];
		DrawStyle style = cell_style(table, column);
		DrawBox box = { x + CELL_PAD, row->y, column->width - 2 * CELL_PAD, row->height };
		g_autofree char *text = cell_text(table, row->row, column, error);
		gboolean spread = column->spread && text != NULL && *text != '\0';

		style.first = row->first_line;
		style.most = row->n_lines;
		draw_place(table->draw, table->name, row->row + 1, column->head);
		if (spread && draw_label_width(table->draw, text, table->size, NULL) > box.width)
			spread = FALSE;
		if (text == NULL ||
		    !(spread ? draw_spread : draw_text)(table->draw, text, &box, &style, error))
			return at_cell(table, row->row, column, error);
		x += column->width;
	}
	return TRUE;
}

gboolean table_draw_none(const Table *table, double y, double height, GError **error)
{
	DrawStyle style = { table->size, table->size, FORM_CENTRE, TRUE };
	DrawBox box = { table->x, y, 0, height };
	double x = table->x;

	for (guint i = 0; i < table->n_columns; i++) {
		if (table->column[i].width > box.width) {
			box.x = x;
			box.width = table->column[i].width;
		}
		x += table->column[i].width;
	}
	return draw_text(table->draw, "該当なし", &box, &style, error);
}

void table_draw_rule(const Table *table, double y)
{
	draw_line(table->draw, (DrawPoint){ table->x, y },
		  (DrawPoint){ table->x + table_width(table), y }, DRAW_THIN);
}

void table_draw_rules(const Table *table, double y, double end)
{
	double x = table->x, head_end = y + table_heading_height(table);

	for (guint i = 0; i + 1 < table->n_columns; i++) {
		double from = same_group(table, i, i + 1) ? y + upper_height(table) : y;

		x += table->column[i].width;
		draw_line(table->draw, (DrawPoint){ x, from }, (DrawPoint){ x, end }, DRAW_THIN);
	}
	draw_line(table->draw, (DrawPoint){ table->x, head_end },
		  (DrawPoint){ table->x + table_width(table), head_end }, DRAW_THICK * 0.8);
	draw_frame(table->draw, &(DrawBox){ table->x, y, table_width(table), end - y }, DRAW_THICK);
}
