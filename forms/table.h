/* SPDX-License-Identifier: Apache-2.0
 * A ruled table anywhere on a page: heading, rows, rules. Where pages end is the caller's. */
#pragma once

#include "forms/data.h"
#include "forms/draw.h"

typedef struct Table {
	const Draw *draw;
	const char *name; /* "" for the rows of [列] */
	const FormColumn *column;
	guint n_columns;
	const DataTable *rows; /* NULL: none */
	double x;
	double size; /* of the type, points */
} Table;

/* A row, or a part of one that is divided, on a page. */
typedef struct TableRow {
	guint row;
	double y, height;
	guint first_line, n_lines; /* n_lines 0: all */
} TableRow;

double table_width(const Table *table);
double table_heading_height(const Table *table);

/* How many lines of text the row needs; 0 with an error that names row and column. */
guint table_measure_row(const Table *table, guint row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The height those lines need, and how many lines a height has room for. */
double table_lines_height(const Table *table, guint lines);
guint table_lines_in(const Table *table, double height);

gboolean table_draw_heading(const Table *table, double y, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean table_draw_row(const Table *table, const TableRow *row,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* 「該当なし」 in the row at y, so that a list without rows is not taken for a blank one. */
gboolean table_draw_none(const Table *table, double y, double height,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The rule below a row. */
void table_draw_rule(const Table *table, double y);

/* Frame, column rules and the rule below the heading of a table that begins at y. */
void table_draw_rules(const Table *table, double y, double end);
