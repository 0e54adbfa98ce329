/* SPDX-License-Identifier: Apache-2.0
 * Cells are converted one by one, so that an error can name its place. */
#include "forms/sheet_csv.h"

#include <string.h>

#include "forms/form_error.h"
#include "forms/sheet.h"

#define BOM "\xEF\xBB\xBF"

typedef struct Csv {
	const Form *form;
	const Data *data;
	GString *text;
	GIConv converter; /* (GIConv) -1: UTF-8 */
} Csv;

/* An apostrophe in front, which Excel takes for "this is text". */
static void append_quoted(GString *text, const char *cell)
{
	gboolean is_quoted = strpbrk(cell, ",\"\r\n") != NULL || *cell == ' ';

	if (is_quoted)
		g_string_append_c(text, '"');
	if (sheet_is_formula(cell))
		g_string_append_c(text, '\'');
	for (; *cell != '\0'; cell++) {
		if (*cell == '"')
			g_string_append_c(text, '"');
		g_string_append_c(text, *cell);
	}
	if (is_quoted)
		g_string_append_c(text, '"');
}

static gunichar first_unmapped(const Csv *csv, const char *cell)
{
	for (const char *at = cell; *at != '\0'; at = g_utf8_next_char(at)) {
		gssize length = g_utf8_next_char(at) - at;
		g_autofree char *one =
			g_convert_with_iconv(at, length, csv->converter, NULL, NULL, NULL);

		if (one == NULL)
			return g_utf8_get_char(at);
	}
	return 0;
}

/* row 0 is the heading. */
static gboolean append_cell(Csv *csv, const char *cell, guint row, guint column, GError **error)
{
	g_autoptr(GString) quoted = NULL;
	g_autofree char *bytes = NULL;
	gsize n = 0;

	if (column > 0)
		g_string_append_c(csv->text, ',');
	if (csv->converter == (GIConv) -1) {
		append_quoted(csv->text, cell);
		return TRUE;
	}
	quoted = g_string_new(NULL);
	append_quoted(quoted, cell);
	bytes = g_convert_with_iconv(quoted->str, (gssize) quoted->len, csv->converter, NULL, &n,
				     NULL);
	if (bytes == NULL)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "%u行目の「%s」: U+%04X は Shift_JIS(CP932) にありません。"
				      "csv か xlsx にしてください",
				      "row %u, \"%s\": U+%04X is not in CP932; use csv or xlsx",
				      row, csv->form->column[column].head,
				      first_unmapped(csv, cell));
	g_string_append_len(csv->text, bytes, (gssize) n);
	return TRUE;
}

static gboolean append_headings(Csv *csv, GError **error)
{
	for (guint i = 0; i < csv->form->n_columns; i++) {
		const FormColumn *column = &csv->form->column[i];
		g_autofree char *head =
			column->group != NULL ? g_strconcat(column->group, "／", column->head, NULL)
					      : g_strdup(column->head);

		if (!append_cell(csv, head, 0, i, error))
			return FALSE;
	}
	g_string_append(csv->text, "\r\n");
	return TRUE;
}

static gboolean append_row(Csv *csv, guint row, GError **error)
{
	for (guint i = 0; i < csv->form->n_columns; i++) {
		Field field = csv->form->column[i].field;
		const char *cell = field == _FIELD_MAX ? "" : data_cell(csv->data, row, field);

		if (!append_cell(csv, cell, row + 1, i, error))
			return FALSE;
	}
	g_string_append(csv->text, "\r\n");
	return TRUE;
}

static gboolean append_all(Csv *csv, GError **error)
{
	if (!append_headings(csv, error))
		return FALSE;
	for (guint row = 0; row < data_rows(csv->data); row++)
		if (!append_row(csv, row, error))
			return FALSE;
	return TRUE;
}

GBytes *sheet_csv_make(const Form *form, const Data *data, gboolean is_cp932, GError **error)
{
	g_autoptr(GString) text = g_string_new(is_cp932 ? NULL : BOM);
	Csv csv = { form, data, text, (GIConv) -1 };
	gboolean done;

	if (is_cp932) {
		csv.converter = g_iconv_open("CP932", "UTF-8");
		if (csv.converter == (GIConv) -1) {
			form_error_set(error, FORM_ERROR_FAILED, "CP932 への変換がありません",
				       "there is no conversion to CP932");
			return NULL;
		}
	}
	done = append_all(&csv, error);
	if (is_cp932)
		g_iconv_close(csv.converter);
	return done ? g_string_free_to_bytes(g_steal_pointer(&text)) : NULL;
}
