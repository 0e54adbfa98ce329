/* SPDX-License-Identifier: Apache-2.0
 * All rows stand on one grid of equal lines from the heading to the page end, as in a register
 * bought by the sheet; a row whose text needs more room takes two or more of them, and one that is
 * taller than a page goes on over the next. */
#include "forms/register_page.h"

#include <cairo-pdf.h>

#include "forms/era.h"
#include "forms/form_error.h"
#include "forms/frame_page.h"
#include "forms/placeholder.h"
#include "forms/table.h"

#define CAPACITY_MAX 200

typedef struct Register {
	Draw *draw;
	cairo_surface_t *surface;
	const Form *form;
	const Data *data;
	Table table;
	double top;        /* where the rows begin */
	double unit;       /* one line of the grid */
	guint capacity;    /* lines of the grid on a page */
	guint page_lines;  /* lines of text in a row as tall as the page */
	LayoutRow *rows;   /* what each row takes */
	GArray *pages;     /* LayoutPage */
	GHashTable *marks; /* names of the bookmarks there are */
} Register;

static guint units_of(const Register *reg, guint lines)
{
	guint units = 1;

	while (units < reg->capacity && table_lines_in(&reg->table, units * reg->unit) < lines)
		units++;
	return units;
}

/* Whether another section begins with the row. */
static gboolean begins_section(const Register *reg, guint row)
{
	return row > 0 && !g_str_equal(data_cell(reg->data, row, FIELD_SECTION),
				       data_cell(reg->data, row - 1, FIELD_SECTION));
}

static gboolean measure_row(Register *reg, guint row, GError **error)
{
	guint lines = table_measure_row(&reg->table, row, error);
	guint full;

	if (lines == 0)
		return FALSE;
	full = (lines - 1) / reg->page_lines;
	reg->rows[row].units =
		(guint16) (full * reg->capacity + units_of(reg, lines - full * reg->page_lines));
	reg->rows[row].begins_page = reg->form->section_page && begins_section(reg, row);
	return TRUE;
}

static gboolean measure(Register *reg, GError **error)
{
	const Form *form = reg->form;
	guint n = data_rows(reg->data);
	double body;

	reg->top = frame_page_top(form, reg->data) + table_heading_height(&reg->table);
	body = form->height - form->bottom - reg->top;
	reg->capacity = (guint) MIN(MAX(0, body / form->row_height), CAPACITY_MAX);
	reg->page_lines = table_lines_in(&reg->table, body);
	if (reg->capacity == 0 || reg->page_lines == 0)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "行高と余白が大きすぎて１行も入りません",
				      "no row fits between these margins");
	reg->unit = body / reg->capacity;
	reg->rows = g_new0(LayoutRow, n + 1);
	for (guint i = 0; i < n; i++) {
		if (!measure_row(reg, i, error))
			return FALSE;
	}
	reg->pages = layout_pages(reg->rows, n, reg->capacity);
	return TRUE;
}

/* 令和８年度 of the first date column that has a date; NULL where there is none. */
static char *year_of(const Register *reg, guint row)
{
	const Form *form = reg->form;
	EraDate date;
	guint i = 0;

	while (i < form->n_columns && form->column[i].date == _ERA_STYLE_MAX)
		i++;
	if (i == form->n_columns || form->column[i].field == _FIELD_MAX ||
	    !era_parse(data_cell(reg->data, row, form->column[i].field), &date))
		return NULL;
	return era_fiscal_year_format(era_fiscal_year(&date));
}

/* One bookmark where a fiscal year or a section is first met. */
static void add_bookmark(const Register *reg, guint row, guint page, double y)
{
	gboolean by_year = reg->form->bookmark == FORM_BOOKMARK_YEAR;
	g_autofree char *name =
		by_year ? year_of(reg, row) : g_strdup(data_cell(reg->data, row, FIELD_SECTION));
	g_autofree char *where = NULL;

	if (name == NULL || *name == '\0' || g_hash_table_contains(reg->marks, name))
		return;
	where = g_strdup_printf("page=%u pos=[%d %d]", page + 1, (int) reg->form->left, (int) y);
	cairo_pdf_surface_add_outline(reg->surface, CAIRO_PDF_OUTLINE_ROOT, name, where, 0);
	g_hash_table_add(reg->marks, g_steal_pointer(&name));
}

/* The part of a row that is on the page: skipped units are on pages before. */
static TableRow part_of(const Register *reg, guint row, guint skipped, double y)
{
	guint left = reg->rows[row].units - skipped;
	TableRow part = { .row = row, .y = y, .height = MIN(left, reg->capacity) * reg->unit };

	if (reg->rows[row].units > reg->capacity) {
		part.first_line = skipped / reg->capacity * reg->page_lines;
		part.n_lines = reg->page_lines;
	}
	return part;
}

/* The empty rows from there to the page end. */
static void draw_empty_rows(const Register *reg, double from, double end)
{
	for (double y = from; y < end - 1; y += reg->unit)
		table_draw_rule(&reg->table, y);
}

/* The rows of the page; ret_y gets where they end. */
static gboolean draw_rows(const Register *reg, guint page, double *ret_y, GError **error)
{
	const LayoutPage *from = &g_array_index(reg->pages, LayoutPage, page), *to = from + 1;
	guint until = to->row + (to->units > 0 ? 1 : 0), skipped = from->units;
	double y = reg->top;

	for (guint row = from->row; row < until; row++, skipped = 0) {
		TableRow part = part_of(reg, row, skipped, y);

		if (!table_draw_row(&reg->table, &part, error))
			return FALSE;
		if (reg->form->bookmark != FORM_BOOKMARK_NONE)
			add_bookmark(reg, row, page, y);
		y += part.height;
		if (row + 1 < until)
			table_draw_rule(&reg->table, y);
	}
	*ret_y = y;
	return TRUE;
}

static gboolean draw_page(const Register *reg, guint page, GError **error)
{
	const Form *form = reg->form;
	PlaceholderScope scope = { reg->data, -1, page + 1, reg->pages->len - 1 };
	double head = reg->top - table_heading_height(&reg->table), y = 0;
	double end = form->height - form->bottom;

	if (!frame_page_draw(reg->draw, form, &scope, error) ||
	    !table_draw_heading(&reg->table, head, error) || !draw_rows(reg, page, &y, error))
		return FALSE;
	if (reg->data != NULL && data_rows(reg->data) == 0 && !form->fill) {
		y += reg->unit;
		if (!table_draw_none(&reg->table, reg->top, reg->unit, error))
			return FALSE;
	} else if (form->fill || data_rows(reg->data) == 0) {
		draw_empty_rows(reg, y > reg->top ? y : y + reg->unit, end);
		y = end;
	}
	table_draw_rules(&reg->table, head, y);
	cairo_show_page(reg->draw->cr);
	return TRUE;
}

gboolean register_page_draw(Draw *draw, cairo_surface_t *surface, const Form *form,
			    const Data *data, GError **error)
{
	Register reg = { .draw = draw, .surface = surface, .form = form, .data = data };
	gboolean done;

	reg.table = (Table){ .draw = draw,
			     .name = "",
			     .column = form->column,
			     .n_columns = form->n_columns,
			     .rows = data_table(data, ""),
			     .x = form->left,
			     .size = form->size };
	reg.marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	done = measure(&reg, error);
	for (guint page = 0; done && page + 1 < reg.pages->len; page++)
		done = draw_page(&reg, page, error);
	g_hash_table_unref(reg.marks);
	g_clear_pointer(&reg.pages, g_array_unref);
	g_free(reg.rows);
	return done;
}
