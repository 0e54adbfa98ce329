/* SPDX-License-Identifier: Apache-2.0
 * All rows stand on one grid of equal lines from the heading to the page end, as in a register
 * bought by the sheet; a row whose text needs more room takes two or more of them. */
#include "forms/register_page.h"

#include <cairo-pdf.h>

#include "forms/era.h"
#include "forms/form_error.h"
#include "forms/frame_page.h"
#include "forms/placeholder.h"

#define CELL_PAD  FORM_POINTS(1.0) /* left and right of a cell's text */
#define CELL_ROOM 2.5              /* points above and below it together */
#define PITCH     1.15             /* of the type size */

typedef struct Register {
	Draw *draw;
	cairo_surface_t *surface;
	const Form *form;
	const Data *data;
	double head_y, head_height; /* heading */
	double width;               /* of the table */
	double unit;                /* one line of the grid */
	guint capacity;             /* lines of the grid on a page */
	guint8 *units;              /* lines each row takes */
	guint *first;               /* first row of each page */
	guint pages;
	GHashTable *years; /* fiscal years that have their bookmark */
} Register;

/* The cell as it is printed: dates in the office's style. Newly allocated. */
static char *cell_text(const Register *reg, guint row, const FormColumn *column, GError **error)
{
	const char *text =
		column->field == _FIELD_MAX ? "" : data_cell(reg->data, row, column->field);
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

static DrawStyle cell_style(const Form *form, const FormColumn *column)
{
	return (DrawStyle){ .size = form->size,
			    .pitch = form->size * PITCH,
			    .align = column->align,
			    .squeeze = column->squeeze };
}

static gboolean at_cell(GError **error, guint row, const FormColumn *column)
{
	return form_error_prefix(error, "%u行目 %s（%s）: ", "row %u, %s (%s): ", row + 1,
				 column->head,
				 column->field == _FIELD_MAX ? "" : field_json(column->field));
}

static gboolean measure_row(const Register *reg, guint row, guint8 *ret_units, GError **error)
{
	guint most = 1;
	double height;

	for (guint i = 0; i < reg->form->n_columns; i++) {
		const FormColumn *column = &reg->form->column[i];
		DrawStyle style = cell_style(reg->form, column);
		g_autofree char *text = cell_text(reg, row, column, error);
		guint lines = text == NULL
				      ? 0
				      : draw_measure(reg->draw, text, column->width - 2 * CELL_PAD,
						     &style, error);

		if (lines == 0)
			return at_cell(error, row, column);
		most = MAX(most, lines);
	}
	height = most * reg->form->size * PITCH + CELL_ROOM;
	*ret_units = 1;
	while (*ret_units * reg->unit < height && *ret_units <= reg->capacity)
		(*ret_units)++;
	if (*ret_units > reg->capacity)
		return form_error_set(error, FORM_ERROR_INPUT, "%u行目: １頁に入りません",
				      "row %u: does not fit a page", row + 1);
	return TRUE;
}

static gboolean measure(Register *reg, GError **error)
{
	const Form *form = reg->form;
	guint n = data_rows(reg->data);
	double body;

	for (guint i = 0; i < form->n_columns; i++)
		reg->width += form->column[i].width;
	reg->head_y = frame_page_top(form);
	reg->head_height = form->size * PITCH * (form_has_groups(form) ? 3.2 : 2) + CELL_ROOM;
	body = form->height - form->bottom - reg->head_y - reg->head_height;
	reg->capacity = (guint) MIN(MAX(0, body / form->row_height), 200);
	if (reg->capacity == 0)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "行高と余白が大きすぎて１行も入りません",
				      "no row fits between these margins");
	reg->unit = body / reg->capacity;
	reg->units = g_new0(guint8, n + 1);
	reg->first = g_new0(guint, (gsize) n + 2);
	for (guint i = 0; i < n; i++) {
		if (!measure_row(reg, i, &reg->units[i], error))
			return FALSE;
	}
	reg->pages = layout_pages(reg->units, n, reg->capacity, reg->first);
	return TRUE;
}

static gboolean same_group(const Form *form, guint a, guint b)
{
	return b < form->n_columns && form->column[a].group != NULL &&
	       g_strcmp0(form->column[a].group, form->column[b].group) == 0;
}

/* The upper heading over all columns of a group, at its first column. */
static gboolean draw_group(const Register *reg, guint column, const DrawBox *cell,
			   const DrawStyle *style, GError **error)
{
	const Form *form = reg->form;
	DrawBox box = *cell;

	if (column > 0 && same_group(form, column - 1, column))
		return TRUE;
	for (guint i = column + 1; same_group(form, column, i); i++)
		box.width += form->column[i].width;
	draw_line(reg->draw, (DrawPoint){ box.x, box.y + box.height },
		  (DrawPoint){ box.x + box.width, box.y + box.height }, DRAW_THIN);
	return draw_text(reg->draw, form->column[column].group, &box, style, error);
}

static gboolean draw_heading(const Register *reg, GError **error)
{
	const Form *form = reg->form;
	double half = reg->head_height / 2, x = form->left;

	for (guint i = 0; i < form->n_columns; i++) {
		const FormColumn *column = &form->column[i];
		DrawStyle style = cell_style(form, column);
		DrawBox cell = { x, reg->head_y, column->width, reg->head_height };
		DrawBox text = { x + 2, reg->head_y, column->width - 4, reg->head_height };

		style.align = FORM_CENTRE;
		style.squeeze = TRUE;
		if (column->group != NULL) {
			cell.height = half;
			if (!draw_group(reg, i, &cell, &style, error))
				return FALSE;
			text.y += half;
			text.height = half;
		}
		if (!draw_text(reg->draw, column->head, &text, &style, error))
			return FALSE;
		x += column->width;
	}
	return TRUE;
}

/* Column rules; inside a group they begin below its heading. */
static void draw_rules(const Register *reg, double end)
{
	const Form *form = reg->form;
	double x = form->left, head_end = reg->head_y + reg->head_height;

	for (guint i = 0; i < form->n_columns; i++) {
		double from = same_group(form, i, i + 1) ? reg->head_y + reg->head_height / 2
							 : reg->head_y;

		x += form->column[i].width;
		if (i + 1 < form->n_columns)
			draw_line(reg->draw, (DrawPoint){ x, from }, (DrawPoint){ x, end },
				  DRAW_THIN);
	}
	draw_line(reg->draw, (DrawPoint){ form->left, head_end },
		  (DrawPoint){ form->left + reg->width, head_end }, DRAW_THICK * 0.8);
	draw_frame(reg->draw, &(DrawBox){ form->left, reg->head_y, reg->width, end - reg->head_y },
		   DRAW_THICK);
}

static gboolean draw_row(const Register *reg, guint row, double y, GError **error)
{
	const Form *form = reg->form;
	double x = form->left;

	for (guint i = 0; i < form->n_columns; i++) {
		const FormColumn *column = &form->column[i];
		DrawStyle style = cell_style(form, column);
		DrawBox box = { x + CELL_PAD, y, column->width - 2 * CELL_PAD,
				reg->units[row] * reg->unit };
		g_autofree char *text = cell_text(reg, row, column, error);

		if (text == NULL || !draw_text(reg->draw, text, &box, &style, error))
			return at_cell(error, row, column);
		x += column->width;
	}
	return TRUE;
}

/* One bookmark where a fiscal year is first met; the first date column tells it. */
static void add_bookmark(const Register *reg, guint row, guint page, double y)
{
	const Form *form = reg->form;
	g_autofree char *name = NULL, *where = NULL;
	EraDate date;
	guint i = 0;

	while (i < form->n_columns && form->column[i].date == _ERA_STYLE_MAX)
		i++;
	if (i == form->n_columns || form->column[i].field == _FIELD_MAX ||
	    !era_parse(data_cell(reg->data, row, form->column[i].field), &date))
		return;
	if (!g_hash_table_add(reg->years, GINT_TO_POINTER(era_fiscal_year(&date))))
		return;
	name = era_fiscal_year_format(era_fiscal_year(&date));
	where = g_strdup_printf("page=%u pos=[%d %d]", page + 1, (int) form->left, (int) y);
	cairo_pdf_surface_add_outline(reg->surface, CAIRO_PDF_OUTLINE_ROOT, name, where, 0);
}

/* The empty rows from there to the page end. */
static void draw_empty_rows(const Register *reg, double from, double end)
{
	double left = reg->form->left;

	for (double y = from; y < end - 1; y += reg->unit)
		draw_line(reg->draw, (DrawPoint){ left, y }, (DrawPoint){ left + reg->width, y },
			  DRAW_THIN);
}

static gboolean draw_page(const Register *reg, guint page, GError **error)
{
	const Form *form = reg->form;
	PlaceholderScope scope = { reg->data, -1, page + 1, reg->pages };
	double y = reg->head_y + reg->head_height, end = form->height - form->bottom;
	gboolean fill = form->fill || data_rows(reg->data) == 0;

	if (!frame_page_draw(reg->draw, form, &scope, error) || !draw_heading(reg, error))
		return FALSE;
	for (guint row = reg->first[page]; row < reg->first[page + 1]; row++) {
		if (!draw_row(reg, row, y, error))
			return FALSE;
		if (form->bookmark)
			add_bookmark(reg, row, page, y);
		y += reg->units[row] * reg->unit;
		if (row + 1 < reg->first[page + 1])
			draw_line(reg->draw, (DrawPoint){ form->left, y },
				  (DrawPoint){ form->left + reg->width, y }, DRAW_THIN);
	}
	if (fill) {
		gboolean is_empty = reg->first[page] == reg->first[page + 1];

		draw_empty_rows(reg, is_empty ? y + reg->unit : y, end);
		y = end;
	}
	draw_rules(reg, y);
	cairo_show_page(reg->draw->cr);
	return TRUE;
}

gboolean register_page_draw(Draw *draw, cairo_surface_t *surface, const Form *form,
			    const Data *data, GError **error)
{
	Register reg = { .draw = draw, .surface = surface, .form = form, .data = data };
	gboolean done;

	reg.years = g_hash_table_new(NULL, NULL);
	done = measure(&reg, error);
	for (guint page = 0; done && page < reg.pages; page++)
		done = draw_page(&reg, page, error);
	g_hash_table_unref(reg.years);
	g_free(reg.units);
	g_free(reg.first);
	return done;
}
