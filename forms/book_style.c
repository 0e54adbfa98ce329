/* SPDX-License-Identifier: Apache-2.0
 * Number formats: the numbered ones that are dates in a Japanese Excel, and the own ones by what is
 * written in them. */
#include "forms/book_style.h"

#include <math.h>
#include <string.h>

#define PART "xl/styles.xml"

typedef enum Shape {
	SHAPE_PLAIN,
	SHAPE_DATE,
	SHAPE_ZEROS, /* as many digits at least */
	_SHAPE_MAX
} Shape;

typedef struct Format {
	Shape shape;
	int digits;
} Format;

struct BookStyle {
	BookParse parse;
	GHashTable *own; /* numFmtId → Format */
	GArray *formats; /* Format of each cellXfs */
	gboolean in_cells;
	gboolean is_1904;
};

static gboolean is_date_code(const char *code)
{
	gboolean quoted = FALSE;

	for (; *code != '\0'; code++) {
		if (*code == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (*code == '[' && strchr(code, ']') != NULL)
			code = strchr(code, ']');
		else if (g_ascii_strncasecmp(code, "General", 7) == 0)
			code += 6;
		else if (strchr("\\_*", *code) != NULL && code[1] != '\0')
			code++;
		else if (strchr("yYmMdDeg", *code) != NULL)
			return TRUE;
	}
	return FALSE;
}

static Format format_of_code(const char *code)
{
	gsize zeros = strspn(code, "0");

	if (zeros > 1 && zeros < 20 && code[zeros] == '\0')
		return (Format){ SHAPE_ZEROS, (int) zeros };
	return (Format){ is_date_code(code) ? SHAPE_DATE : SHAPE_PLAIN, 0 };
}

static Format format_of_id(const BookStyle *style, int id)
{
	const Format *own = g_hash_table_lookup(style->own, GINT_TO_POINTER(id));
	gboolean is_date =
		(id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

	if (own != NULL)
		return *own;
	return (Format){ is_date ? SHAPE_DATE : SHAPE_PLAIN, 0 };
}

static int number_of(const char *text)
{
	return text != NULL ? (int) g_ascii_strtoll(text, NULL, 10) : 0;
}

static void start(void *data, const char *name, const char **attributes)
{
	BookStyle *style = data;
	const char *local = book_zip_local(name);
	const char *code = book_zip_attribute(attributes, "formatCode");
	int id = number_of(book_zip_attribute(attributes, "numFmtId"));
	Format format;

	if (g_str_equal(local, "numFmt") && code != NULL) {
		format = format_of_code(code);
		g_hash_table_insert(style->own, GINT_TO_POINTER(id),
				    g_memdup2(&format, sizeof format));
	} else if (g_str_equal(local, "cellXfs")) {
		style->in_cells = TRUE;
	} else if (style->in_cells && g_str_equal(local, "xf")) {
		format = format_of_id(style, id);
		g_array_append_val(style->formats, format);
	}
}

static void end(void *data, const char *name)
{
	BookStyle *style = data;

	if (g_str_equal(book_zip_local(name), "cellXfs"))
		style->in_cells = FALSE;
}

BookStyle *book_style_read(BookZip *zip, gboolean is_1904, GError **error)
{
	g_autoptr(BookStyle) style = g_new0(BookStyle, 1);

	style->own = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	style->formats = g_array_new(FALSE, FALSE, sizeof(Format));
	style->is_1904 = is_1904;
	style->parse.start = start;
	style->parse.end = end;
	if (book_zip_has(zip, PART) && !book_zip_parse(zip, PART, &style->parse, error))
		return NULL;
	return g_steal_pointer(&style);
}

void book_style_free(BookStyle *style)
{
	if (style == NULL)
		return;
	g_hash_table_unref(style->own);
	g_array_unref(style->formats);
	g_free(style);
}

/* Day 60 of the 1900 system is a 29 February that never was. */
static char *show_date(const BookStyle *style, double serial)
{
	double day = floor(serial) + (style->is_1904 ? 1462 : 0);
	GDate date;

	if (day < 1 || day > 2958465)
		return NULL;
	g_date_clear(&date, 1);
	g_date_set_julian(&date, (guint32) day + (day < 60 ? 693595 : 693594));
	return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date), g_date_get_month(&date),
			       g_date_get_day(&date));
}

char *book_style_show(const BookStyle *style, guint index, const char *number)
{
	Format format = index < style->formats->len ? g_array_index(style->formats, Format, index)
						    : (Format){ SHAPE_PLAIN, 0 };
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];
	char *rest = NULL;
	double value = g_ascii_strtod(number, &rest);
	gboolean is_whole = isfinite(value) && value == floor(value) && fabs(value) < 1e15;

	if (rest == number || *rest != '\0' || !isfinite(value))
		return NULL;
	if (format.shape == SHAPE_DATE)
		return show_date(style, value);
	if (format.shape == SHAPE_ZEROS && is_whole && value >= 0)
		return g_strdup_printf("%0*.0f", format.digits, value);
	if (is_whole)
		return g_strdup_printf("%.0f", value);
	return g_strdup(g_ascii_formatd(buffer, sizeof buffer, "%.15g", value));
}
