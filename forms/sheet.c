/* SPDX-License-Identifier: Apache-2.0
 * What both kinds of file share. */
#include "forms/sheet.h"

#include <string.h>

#include "forms/form_error.h"
#include "forms/sheet_csv.h"
#include "forms/sheet_xlsx.h"

static const char *const formats[_SHEET_FORMAT_MAX] = {
	[SHEET_XLSX] = "xlsx",
	[SHEET_CSV] = "csv",
	[SHEET_CSV_CP932] = "csv-cp932",
};

SheetFormat sheet_format(const char *word)
{
	int format = 0;

	while (format < _SHEET_FORMAT_MAX && !g_str_equal(formats[format], word))
		format++;
	return (SheetFormat) format;
}

gboolean sheet_is_formula(const char *text)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };

	if (*text != '\0' && strchr("=+-@\t\r\n", *text) != NULL)
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(wide); i++)
		if (g_str_has_prefix(text, wide[i]))
			return TRUE;
	return FALSE;
}

GBytes *sheet_make(const Form *form, const Data *data, SheetFormat format, GError **error)
{
	if (form->kind != FORM_REGISTER) {
		form_error_set(error, FORM_ERROR_INPUT,
			       "表計算の形式にできるのは一覧表だけです。文書は PDF にしてください",
			       "only a register can be a spreadsheet; make a PDF of a letter");
		return NULL;
	}
	return format == SHEET_XLSX ? sheet_xlsx_make(form, data, error)
				    : sheet_csv_make(form, data, format == SHEET_CSV_CP932, error);
}
