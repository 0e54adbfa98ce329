/* SPDX-License-Identifier: Apache-2.0
 * Which sheet it is: the first one people can see, through the relations of the workbook. */
#include "forms/book.h"

#include <string.h>

#include "forms/book_sheet.h"
#include "forms/form_error.h"

typedef struct Workbook {
	BookParse parse;
	gboolean is_1904;
	char *name; /* of the sheet */
	char *relation;
	char *part;
} Workbook;

static void start_book(void *data, const char *element, const char **attributes)
{
	Workbook *book = data;
	const char *local = book_zip_local(element);
	const char *state = book_zip_attribute(attributes, "state");
	const char *text = book_zip_attribute(attributes, "date1904");

	if (g_str_equal(local, "workbookPr"))
		book->is_1904 = text != NULL && (*text == '1' || *text == 't');
	if (!g_str_equal(local, "sheet") || book->relation != NULL ||
	    (state != NULL && !g_str_equal(state, "visible")))
		return;
	book->name = g_strdup(book_zip_attribute(attributes, "name"));
	book->relation = g_strdup(book_zip_attribute(attributes, "id"));
}

static void start_relation(void *data, const char *element, const char **attributes)
{
	Workbook *book = data;
	const char *id = book_zip_attribute(attributes, "Id");
	const char *target = book_zip_attribute(attributes, "Target");

	if (!g_str_equal(book_zip_local(element), "Relationship") || book->part != NULL ||
	    g_strcmp0(id, book->relation) != 0 || target == NULL)
		return;
	book->part = *target == '/' ? g_strdup(target + 1) : g_strconcat("xl/", target, NULL);
}

static void ignore_end(void *data, const char *element)
{
	(void) data;
	(void) element;
}

static gboolean find_sheet(BookZip *zip, Workbook *book, const char *name, GError **error)
{
	book->parse = (BookParse){ .start = start_book, .end = ignore_end };
	if (!book_zip_parse(zip, "xl/workbook.xml", &book->parse, error))
		return FALSE;
	book->parse.start = start_relation;
	if (!book_zip_parse(zip, "xl/_rels/workbook.xml.rels", &book->parse, error))
		return FALSE;
	return (book->relation != NULL && book->part != NULL) ||
	       form_error_set(error, FORM_ERROR_INPUT, "%s: シートがありません",
			      "%s: there is no sheet", name);
}

static void workbook_clear(Workbook *book)
{
	g_free(book->name);
	g_free(book->relation);
	g_free(book->part);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workbook, workbook_clear)

static GBytes *dump(const Workbook *book, json_t *rows)
{
	json_t *root = json_pack("{s:s, s:o}", "sheet", book->name != NULL ? book->name : "",
				 "rows", rows);
	char *text = json_dumps(root, JSON_COMPACT);
	GBytes *bytes = g_bytes_new(text, strlen(text));

	free(text);
	json_decref(root);
	return bytes;
}

GBytes *book_read(const char *name, GBytes *bytes, GError **error)
{
	g_autoptr(BookZip) zip = book_zip_open(name, bytes, error);
	g_auto(Workbook) book = { 0 };
	g_autoptr(BookStyle) style = NULL;
	g_autoptr(GPtrArray) strings = NULL;
	json_t *rows;

	if (zip == NULL || !find_sheet(zip, &book, name, error))
		return NULL;
	style = book_style_read(zip, book.is_1904, error);
	strings = style != NULL ? book_sheet_strings(zip, error) : NULL;
	rows = strings != NULL ? book_sheet_rows(zip, book.part, style, strings, error) : NULL;
	return rows != NULL ? dump(&book, rows) : NULL;
}
