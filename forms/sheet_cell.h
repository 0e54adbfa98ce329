/* SPDX-License-Identifier: Apache-2.0
 * Cells of a sheet as XML. Rows count from 1, columns from 0. */
#pragma once

#include <glib.h>

/* The order of cellXfs in the styles. */
typedef enum SheetStyle {
	SHEET_STYLE_PLAIN,
	SHEET_STYLE_TITLE,
	SHEET_STYLE_HEAD,
	SHEET_STYLE_TEXT,
	SHEET_STYLE_CENTRE,
	SHEET_STYLE_DATE,
	SHEET_STYLE_QUOTED, /* begins like a formula and is text */
	_SHEET_STYLE_MAX
} SheetStyle;

/* "B3" */
void sheet_cell_place(GString *xml, guint row, guint column);
/* Text as XML, attributes too. */
void sheet_cell_escape(GString *xml, const char *text);
/* Always a text, never a number or a formula. */
void sheet_cell_text(GString *xml, guint row, guint column, SheetStyle style, const char *text);
/* A date cell; FALSE and nothing appended where iso is none, or lies before March 1900, where
 * spreadsheets disagree about the days. */
gboolean sheet_cell_date(GString *xml, guint row, guint column, const char *iso);
/* <mergeCell> */
void sheet_cell_merge(GString *xml, guint row, guint column, guint end_row, guint end_column);
