/* SPDX-License-Identifier: Apache-2.0
 * A register as rows for a spreadsheet: the columns of its form, the cells of its data. No cell is
 * ever a formula: what begins like one is marked as text. */
#pragma once

#include "forms/data.h"
#include "forms/form.h"

typedef enum SheetFormat {
	SHEET_XLSX,
	SHEET_CSV,       /* UTF-8 with BOM */
	SHEET_CSV_CP932, /* Shift_JIS as Windows has it */
	_SHEET_FORMAT_MAX
} SheetFormat;

/* "xlsx", "csv", "csv-cp932"; _SHEET_FORMAT_MAX for any other word. */
SheetFormat sheet_format(const char *word);

/* The whole file; data NULL gives the headings alone. The same input gives the same bytes. Refuses
 * letters (文書) and, with row and column, what CP932 has no code for. */
GBytes *sheet_make(const Form *form, const Data *data, SheetFormat format,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a spreadsheet might take the text for a formula: = + - @, their full-width forms, tab
 * and line ends at its beginning. */
gboolean sheet_is_formula(const char *text);
