/* SPDX-License-Identifier: Apache-2.0
 * A row begins a new page where it does not fit this one; one taller than a page is divided. Rows
 * to be filled in by hand follow those that are there. */
#include "forms/letter_table.h"

#include "forms/form_error.h"
#include "forms/table.h"

#define BLANK_ROWS 5 /* of a form without data that does not say how many */
#define GAP        0.5

typedef struct Flow {
	Letter *letter;
	const Table *table;
	double top; /* of the table on this page */
} Flow;

static gboolean begin(Flow *flow, GError **error)
{
	flow->top = flow->letter->y;
	flow->letter->y += table_heading_height(flow->table);
	return table_draw_heading(flow->table, flow->top, error);
}

static void end(Flow *flow)
{
	table_draw_rules(flow->table, flow->top, flow->letter->y);
}

static gboolean turn_page(Flow *flow, GError **error)
{
	end(flow);
	return letter_begin_page(flow->letter, error) && begin(flow, error);
}

static void rule_above(const Flow *flow)
{
	if (flow->letter->y > flow->top + table_heading_height(flow->table) + 0.1)
		table_draw_rule(flow->table, flow->letter->y);
}

static gboolean put_part(Flow *flow, TableRow *part, GError **error)
{
	rule_above(flow);
	part->y = flow->letter->y;
	if (!table_draw_row(flow->table, part, error))
		return FALSE;
	flow->letter->y += part->height;
	return TRUE;
}

/* The heading is on every page, so a row has less than the page. */
static gboolean put_row(Flow *flow, guint row, GError **error)
{
	const Letter *letter = flow->letter;
	guint lines = table_measure_row(flow->table, row, error), done = 0;
	double height = MAX(table_lines_height(flow->table, lines), letter->form->row_height);
	double most = letter_page_height(letter) - table_heading_height(flow->table);
	TableRow part = { .row = row, .height = height };

	if (lines == 0)
		return FALSE;
	if (height > letter_room(letter) && !turn_page(flow, error))
		return FALSE;
	if (height <= most)
		return put_part(flow, &part, error);
	for (; done < lines; done += part.n_lines) {
		guint room = table_lines_in(flow->table, letter_room(letter));

		if (room == 0)
			return form_error_set(error, FORM_ERROR_INPUT, "%u行目: １頁に入りません",
					      "row %u: does not fit a page", row + 1);
		part.first_line = done;
		part.n_lines = MIN(room, lines - done);
		part.height = table_lines_height(flow->table, part.n_lines);
		if (!put_part(flow, &part, error) ||
		    (done + part.n_lines < lines && !turn_page(flow, error)))
			return FALSE;
	}
	return TRUE;
}

static gboolean put_blank(Flow *flow, gboolean is_none, GError **error)
{
	const Letter *letter = flow->letter;
	double height = letter->form->row_height;
	double y;

	if (height > letter_room(letter) && !turn_page(flow, error))
		return FALSE;
	rule_above(flow);
	y = letter->y;
	flow->letter->y += height;
	return !is_none || table_draw_none(flow->table, y, height, error);
}

static gboolean put_rows(Flow *flow, guint least, GError **error)
{
	guint n = data_table_rows(flow->table->rows);
	gboolean is_none = n == 0 && flow->letter->data != NULL && least == 0;

	if (n == 0 && least == 0)
		least = is_none ? 1 : BLANK_ROWS;
	for (guint i = 0; i < n; i++) {
		if (!put_row(flow, i, error))
			return FALSE;
	}
	for (guint i = n; i < least; i++) {
		if (!put_blank(flow, is_none, error))
			return FALSE;
	}
	return TRUE;
}

gboolean letter_table_put(Letter *letter, const FormLine *line, GError **error)
{
	const Form *form = letter->form;
	const FormTable *spec = form_table(form, line->text[0]);
	Table table = { .draw = &letter->draw,
			.name = line->text[0],
			.column = spec == NULL ? form->column : spec->column,
			.n_columns = spec == NULL ? form->n_columns : spec->n_columns,
			.rows = data_table(letter->data, line->text[0]),
			.x = form->left,
			.size = form->table_size };
	Flow flow = { .letter = letter, .table = &table };

	if (!letter_reserve(letter, table_heading_height(&table) + form->row_height, error) ||
	    !begin(&flow, error) || !put_rows(&flow, (guint) line->number, error))
		return FALSE;
	end(&flow);
	letter->y += form->size * GAP;
	return TRUE;
}
