/* SPDX-License-Identifier: Apache-2.0
 * Texts and cells. A phonetic run (rPh) stands inside the text it belongs to: taken along, its
 * furigana would be glued to the name. */
#include "forms/book_sheet.h"

#include <string.h>

#include "forms/form_error.h"

#define STRINGS     "xl/sharedStrings.xml"
#define TEXT_MAX    4000 /* bytes of one cell */
#define ROWS_MAX    100000
#define COLUMNS_MAX 256
#define CELLS_MAX   1000000

/* Gathers the text of t and v, wherever they stand. */
typedef struct Text {
	BookParse parse;
	GString *text;
	gboolean is_open;
	int phonetic; /* depth of rPh */
} Text;

typedef struct Strings {
	Text text;
	GPtrArray *list;
} Strings;

typedef struct Sheet {
	Text text;
	const BookStyle *style;
	const GPtrArray *strings;
	json_t *rows;
	json_t *cells; /* of the open row, borrowed from rows */
	guint line, column, n_cells;
	guint format;
	char type[12];
	gboolean is_formula;
} Sheet;

static gboolean take_start(Text *text, const char *local)
{
	if (g_str_equal(local, "rPh"))
		text->phonetic++;
	text->is_open = text->phonetic == 0 && (g_str_equal(local, "t") || g_str_equal(local, "v"));
	return text->is_open;
}

static void take_end(Text *text, const char *local)
{
	text->is_open = FALSE;
	if (g_str_equal(local, "rPh") && text->phonetic > 0)
		text->phonetic--;
}

static void take_text(void *data, const char *bytes, int n)
{
	Text *text = data;

	if (!text->is_open || text->parse.error != NULL)
		return;
	g_string_append_len(text->text, bytes, n);
	if (text->text->len <= TEXT_MAX)
		return;
	form_error_set(&text->parse.error, FORM_ERROR_INPUT, "%lu行目: 長すぎます（%d バイトまで）",
		       "line %lu of the XML: too long (at most %d bytes)",
		       XML_GetCurrentLineNumber(text->parse.parser), TEXT_MAX);
	book_zip_stop(&text->parse);
}

/* _x000D_ and the like stand for characters that XML cannot hold. */
static char *unescape(const char *text)
{
	GString *plain = g_string_new(NULL);

	while (*text != '\0') {
		gboolean is_escape = text[0] == '_' && text[1] == 'x';

		for (int i = 2; is_escape && i < 6; i++)
			is_escape = g_ascii_isxdigit(text[i]);
		if (is_escape && text[6] == '_') {
			gunichar c = (gunichar) g_ascii_strtoull(text + 2, NULL, 16);

			if (c != '\r' && c != 0 && g_unichar_validate(c))
				g_string_append_unichar(plain, c);
			text += 7;
		} else {
			g_string_append_c(plain, *text++);
		}
	}
	return g_string_free(plain, FALSE);
}

static void start_string(void *data, const char *name, const char **attributes)
{
	Strings *strings = data;
	const char *local = book_zip_local(name);

	(void) attributes;
	if (g_str_equal(local, "si"))
		g_string_truncate(strings->text.text, 0);
	(void) take_start(&strings->text, local);
}

static void end_string(void *data, const char *name)
{
	Strings *strings = data;
	const char *local = book_zip_local(name);

	take_end(&strings->text, local);
	if (g_str_equal(local, "si"))
		g_ptr_array_add(strings->list, unescape(strings->text.text->str));
}

GPtrArray *book_sheet_strings(BookZip *zip, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) text = g_string_new(NULL);
	Strings strings = { .text = { .parse = { start_string, end_string, take_text },
				      .text = text },
			    .list = list };

	if (book_zip_has(zip, STRINGS) && !book_zip_parse(zip, STRINGS, &strings.text.parse, error))
		return NULL;
	return g_steal_pointer(&list);
}

#define STOP(sheet, ja, en, ...)                                                                   \
	stop_sheet((sheet),                                                                        \
		   form_error_set(&(sheet)->text.parse.error, FORM_ERROR_INPUT, "%u行目: " ja,     \
				  "row %u: " en, (sheet)->line, __VA_ARGS__))

static void stop_sheet(Sheet *sheet, gboolean is_good)
{
	if (!is_good)
		book_zip_stop(&sheet->text.parse);
}

/* "AB12" is 28; the next one where no place is given. From 1. */
static guint column_of(const Sheet *sheet, const char *place)
{
	guint column = 0;

	if (place == NULL || !g_ascii_isupper(*place))
		return sheet->column + 1;
	for (int i = 0; i < 4 && g_ascii_isupper(*place); i++, place++)
		column = column * 26 + (guint) (*place - 'A') + 1;
	return column;
}

static void start_row(Sheet *sheet, const char *place)
{
	guint64 line = sheet->line + 1;

	if (place != NULL &&
	    !g_ascii_string_to_unsigned(place, 10, sheet->line + 1, G_MAXUINT32, &line, NULL)) {
		STOP(sheet, "行番号「%s」が正しくありません", "the row number \"%s\" is wrong",
		     place);
		return;
	}
	sheet->line = (guint) line;
	sheet->column = 0;
	if (json_array_size(sheet->rows) >= ROWS_MAX) {
		STOP(sheet, "行が多すぎます（%d 行まで）", "too many rows (at most %d)", ROWS_MAX);
		return;
	}
	sheet->cells = json_array();
	json_array_append_new(sheet->rows, json_pack("{s:i, s:o}", "line", (int) sheet->line,
						     "cells", sheet->cells));
}

static void start_cell(Sheet *sheet, const char **attributes)
{
	const char *type = book_zip_attribute(attributes, "t");
	const char *format = book_zip_attribute(attributes, "s");
	guint column = column_of(sheet, book_zip_attribute(attributes, "r"));

	g_string_truncate(sheet->text.text, 0);
	sheet->is_formula = FALSE;
	sheet->format = format != NULL ? (guint) g_ascii_strtoull(format, NULL, 10) : 0;
	g_strlcpy(sheet->type, type != NULL ? type : "n", sizeof sheet->type);
	if (sheet->cells == NULL || column <= sheet->column || ++sheet->n_cells > CELLS_MAX)
		STOP(sheet, "セルの並びが正しくないか、多すぎます（%d まで）",
		     "cells out of order or too many (at most %d)", CELLS_MAX);
	sheet->column = column;
}

static void start_sheet(void *data, const char *name, const char **attributes)
{
	Sheet *sheet = data;
	const char *local = book_zip_local(name);

	if (sheet->text.parse.error != NULL)
		return;
	if (g_str_equal(local, "row"))
		start_row(sheet, book_zip_attribute(attributes, "r"));
	else if (g_str_equal(local, "c"))
		start_cell(sheet, attributes);
	else if (g_str_equal(local, "f"))
		sheet->is_formula = TRUE;
	(void) take_start(&sheet->text, local);
}

/* NULL where a cell of that type cannot hold this. */
static char *shown(const Sheet *sheet)
{
	const char *text = sheet->text.text->str;
	guint64 index;

	if (g_str_equal(sheet->type, "s"))
		return g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT, &index, NULL) &&
				       index < sheet->strings->len
			       ? g_strdup(sheet->strings->pdata[index])
			       : NULL;
	if (g_str_equal(sheet->type, "n"))
		return book_style_show(sheet->style, sheet->format, text);
	if (g_str_equal(sheet->type, "b"))
		return g_strdup(g_str_equal(text, "1") ? "TRUE" : "FALSE");
	return unescape(text);
}

static json_t *cell_of(Sheet *sheet)
{
	g_autofree char *text = NULL;

	if (sheet->is_formula)
		return json_pack("{s:s}", "bad", "formula");
	if (g_str_equal(sheet->type, "e"))
		return json_pack("{s:s}", "bad", "error");
	if (sheet->text.text->len == 0)
		return NULL;
	text = shown(sheet);
	if (text == NULL)
		STOP(sheet, "%u列目: 値「%s」を読めません",
		     "column %u: the value \"%s\" cannot be read", sheet->column,
		     sheet->text.text->str);
	return text != NULL && *text != '\0' ? json_string(text) : NULL;
}

static void end_cell(Sheet *sheet)
{
	json_t *cell = cell_of(sheet);

	if (cell == NULL)
		return;
	if (sheet->column > COLUMNS_MAX) {
		json_decref(cell);
		STOP(sheet, "列が多すぎます（%d 列まで）", "too many columns (at most %d)",
		     COLUMNS_MAX);
		return;
	}
	while (json_array_size(sheet->cells) + 1 < sheet->column)
		json_array_append_new(sheet->cells, json_null());
	json_array_append_new(sheet->cells, cell);
}

static void end_sheet(void *data, const char *name)
{
	Sheet *sheet = data;
	const char *local = book_zip_local(name);

	if (sheet->text.parse.error != NULL)
		return;
	take_end(&sheet->text, local);
	if (g_str_equal(local, "c"))
		end_cell(sheet);
	if (g_str_equal(local, "row") && json_array_size(sheet->cells) == 0)
		json_array_remove(sheet->rows, json_array_size(sheet->rows) - 1);
	if (g_str_equal(local, "row"))
		sheet->cells = NULL;
}

json_t *book_sheet_rows(BookZip *zip, const char *part, const BookStyle *style,
			const GPtrArray *strings, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	Sheet sheet = { .text = { .parse = { start_sheet, end_sheet, take_text }, .text = text },
			.style = style,
			.strings = strings,
			.rows = json_array() };

	if (book_zip_parse(zip, part, &sheet.text.parse, error))
		return sheet.rows;
	json_decref(sheet.rows);
	return NULL;
}
