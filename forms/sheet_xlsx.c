/* SPDX-License-Identifier: Apache-2.0
 * The fixed parts of the workbook and its sheet. Texts stand in their cells (inlineStr), so there
 * is one pass and nothing to look up. */
#include "forms/sheet_xlsx.h"

#include <stdio.h>
#include <string.h>

#include "forms/form_error.h"
#include "forms/package.h"
#include "forms/placeholder.h"
#include "forms/sheet_cell.h"

#define MAIN           "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATION       "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define TYPES          "application/vnd.openxmlformats-officedocument.spreadsheetml."
#define DECLARED       "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NAME_MAX_CHARS 31
#define CHAR_POINTS    5.25 /* a half-width character at 10 points, with its share of the edge */
#define REST_CHARS     30   /* of a column that shares out what is left */
#define PAGE_WORD      "\x01P"
#define PAGES_WORD     "\x01N"

/* clang-format off */
static const char content_types[] = DECLARED
	"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
	"<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
	"<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
	"<Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPES "sheet.main+xml\"/>"
	"<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" TYPES "worksheet+xml\"/>"
	"<Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPES "styles+xml\"/></Types>";

static const char root_relations[] = DECLARED
	"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
	"<Relationship Id=\"rId1\" Type=\"" RELATION "/officeDocument\" Target=\"xl/workbook.xml\"/>"
	"</Relationships>";

static const char book_relations[] = DECLARED
	"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
	"<Relationship Id=\"rId1\" Type=\"" RELATION "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
	"<Relationship Id=\"rId2\" Type=\"" RELATION "/styles\" Target=\"styles.xml\"/></Relationships>";

#define FONT(size) "<font><sz val=\"" size "\"/><name val=\"ＭＳ 明朝\"/><family val=\"1\"/></font>"
#define XF(format, font, border, more, horizontal) \
	"<xf numFmtId=\"" format "\" fontId=\"" font "\" fillId=\"0\" borderId=\"" border "\" xfId=\"0\"" \
	" applyNumberFormat=\"1\" applyFont=\"1\" applyBorder=\"1\" applyAlignment=\"1\"" more ">" \
	"<alignment" horizontal " vertical=\"center\" wrapText=\"1\"/></xf>"
#define CENTRE " horizontal=\"center\""

/* The order of SheetStyle. */
static const char styles[] = DECLARED
	"<styleSheet xmlns=\"" MAIN "\"><numFmts count=\"1\">"
	"<numFmt numFmtId=\"164\" formatCode=\"[$-411]ge\\.m\\.d;@\"/></numFmts>"
	"<fonts count=\"2\">" FONT("10") FONT("16") "</fonts>"
	"<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
	"<fill><patternFill patternType=\"gray125\"/></fill></fills>"
	"<borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>"
	"<border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/>"
	"<bottom style=\"thin\"/><diagonal/></border></borders>"
	"<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
	"<cellXfs count=\"7\">"
	"<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
	"<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\""
	" applyAlignment=\"1\"><alignment horizontal=\"center\" vertical=\"center\"/></xf>"
	XF("49", "0", "1", "", CENTRE) XF("49", "0", "1", "", "") XF("49", "0", "1", "", CENTRE)
	XF("164", "0", "1", "", CENTRE) XF("49", "0", "1", " quotePrefix=\"1\"", "")
	"</cellXfs>"
	"<cellStyles count=\"1\"><cellStyle name=\"標準\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>";

static const struct { double longest, shortest; int code; } papers[] = {
	{ 420, 297, 8 }, { 297, 210, 9 }, { 210, 148, 11 }, { 364, 257, 12 }, { 257, 182, 13 },
};
/* clang-format on */

static int paper_of(const Form *form)
{
	double longest = MAX(form->width, form->height);

	for (guint i = 0; i < G_N_ELEMENTS(papers); i++)
		if (ABS(longest - FORM_POINTS(papers[i].longest)) < 1)
			return papers[i].code;
	return 9;
}

static char *sheet_name(const Form *form)
{
	const char *title = form->title != NULL && *form->title != '\0' ? form->title : "一覧";
	g_autofree char *name =
		g_utf8_substring(title, 0, MIN(g_utf8_strlen(title, -1), NAME_MAX_CHARS));

	return g_strdup(g_strdelimit(name, "[]:*?/\\'", ' '));
}

static gboolean add_text(Package *package, const char *name, const char *text, GError **error)
{
	return package_add(package, name, g_string_new(text), error);
}

static gboolean add_workbook(Package *package, const Form *form, guint head_rows, GError **error)
{
	g_autofree char *name = sheet_name(form);
	GString *xml = g_string_new(DECLARED "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" RELATION
					     "\"><sheets><sheet name=\"");

	sheet_cell_escape(xml, name);
	g_string_append(xml, "\" sheetId=\"1\" r:id=\"rId1\"/></sheets><definedNames>"
			     "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">'");
	sheet_cell_escape(xml, name);
	g_string_append_printf(xml, "'!$1:$%u</definedName></definedNames></workbook>", head_rows);
	return package_add(package, "xl/workbook.xml", xml, error);
}

static void append_view(GString *xml, const Form *form, guint head_rows)
{
	g_string_append_printf(xml,
			       DECLARED "<worksheet xmlns=\"" MAIN "\"><sheetPr><pageSetUpPr "
					"fitToPage=\"1\"/></sheetPr><sheetViews><sheetView "
					"workbookViewId=\"0\"><pane ySplit=\"%u\" "
					"topLeftCell=\"A%u\" activePane=\"bottomLeft\" "
					"state=\"frozen\"/></sheetView></sheetViews><cols>",
			       head_rows, head_rows + 1);
	for (guint i = 0; i < form->n_columns; i++) {
		double width = form->column[i].width > 0 ? form->column[i].width / CHAR_POINTS
							 : REST_CHARS;
		char number[G_ASCII_DTOSTR_BUF_SIZE];

		g_string_append_printf(
			xml, "<col min=\"%u\" max=\"%u\" width=\"%s\" customWidth=\"1\"/>", i + 1,
			i + 1, g_ascii_formatd(number, sizeof number, "%.2f", width));
	}
	g_string_append(xml, "</cols><sheetData>");
}

/* Two rows of headings where any has a group; without one a heading takes both. */
static void append_headings(GString *xml, GString *merged, const Form *form, guint row)
{
	gboolean is_double = form_has_groups(form);

	g_string_append_printf(xml, "<row r=\"%u\">", row);
	for (guint i = 0; i < form->n_columns; i++) {
		const FormColumn *column = &form->column[i];
		guint end = i;

		sheet_cell_text(xml, row, i, SHEET_STYLE_HEAD,
				column->group != NULL ? column->group : column->head);
		if (is_double && column->group == NULL)
			sheet_cell_merge(merged, row, i, row + 1, i);
		while (column->group != NULL && end + 1 < form->n_columns &&
		       g_strcmp0(form->column[end + 1].group, column->group) == 0)
			end++;
		if (end > i)
			sheet_cell_merge(merged, row, i, row, end);
		for (; i < end; i++)
			sheet_cell_text(xml, row, i + 1, SHEET_STYLE_HEAD, "");
	}
	g_string_append(xml, "</row>");
	if (!is_double)
		return;
	g_string_append_printf(xml, "<row r=\"%u\">", row + 1);
	for (guint i = 0; i < form->n_columns; i++)
		sheet_cell_text(xml, row + 1, i, SHEET_STYLE_HEAD,
				form->column[i].group != NULL ? form->column[i].head : "");
	g_string_append(xml, "</row>");
}

/* A sheet's date has no time and no fiscal year: those are texts, as on paper. */
static char *shown(const FormColumn *column, const char *text)
{
	EraDate date;

	if (column->date <= ERA_SHORT || column->date == _ERA_STYLE_MAX || !era_parse(text, &date))
		return g_strdup(text);
	return era_format(&date, column->date);
}

static void append_row(GString *xml, const Form *form, const Data *data, guint n, guint row)
{
	g_string_append_printf(xml, "<row r=\"%u\">", row);
	for (guint i = 0; i < form->n_columns; i++) {
		const FormColumn *column = &form->column[i];
		g_autofree char *text =
			shown(column,
			      column->field == _FIELD_MAX ? "" : data_cell(data, n, column->field));

		if (column->date > ERA_SHORT || !sheet_cell_date(xml, row, i, text))
			sheet_cell_text(xml, row, i,
					column->align == FORM_CENTRE ? SHEET_STYLE_CENTRE
								     : SHEET_STYLE_TEXT,
					text);
	}
	g_string_append(xml, "</row>");
}

static char *page_words(const char *template)
{
	g_autoptr(GString) text = g_string_new(template);

	g_string_replace(text, "{頁}", PAGE_WORD, 0);
	g_string_replace(text, "{総頁}", PAGES_WORD, 0);
	return g_strdup(text->str);
}

/* The feet of the form as the foot of the sheet: &L left &C centre &R right. */
static gboolean append_foot(GString *xml, const Form *form, const Data *data, GError **error)
{
	static const char *const places[] = { "&L", "&C", "&R" };
	PlaceholderScope scope = { .data = data, .row = -1, .page = 1, .pages = 1 };
	g_autoptr(GString) foot = g_string_new(NULL);

	for (guint i = 0; i < _FORM_ALIGN_MAX; i++) {
		g_autofree char *template = page_words(form->foot[i] != NULL ? form->foot[i] : "");
		g_autofree char *filled = placeholder_fill(template, &scope, error);
		g_autoptr(GString) text = NULL;

		if (filled == NULL)
			return FALSE;
		text = g_string_new(filled);
		g_string_replace(text, "&", "&&", 0);
		g_string_replace(text, "\x01", "&", 0);
		g_string_append_printf(foot, "%s%s", places[i], text->str);
	}
	g_string_append(xml, "<headerFooter><oddFooter>");
	sheet_cell_escape(xml, foot->str);
	g_string_append(xml, "</oddFooter></headerFooter>");
	return TRUE;
}

static gboolean append_end(GString *xml, const Form *form, const Data *data, guint last_row,
			   GError **error)
{
	g_string_append_printf(xml,
			       "<pageMargins left=\"0.8\" right=\"0.6\" top=\"0.6\" bottom=\"0.7\""
			       " header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"%d\" "
			       "orientation=\"%s\" fitToHeight=\"0\"/>",
			       paper_of(form),
			       form->width > form->height ? "landscape" : "portrait");
	if (!append_foot(xml, form, data, error))
		return FALSE;
	g_string_append(xml, "<ignoredErrors><ignoredError sqref=\"A1:");
	sheet_cell_place(xml, last_row, form->n_columns - 1);
	g_string_append(xml, "\" numberStoredAsText=\"1\"/></ignoredErrors></worksheet>");
	return TRUE;
}

static GString *make_sheet(const Form *form, const Data *data, guint head_rows, GError **error)
{
	GString *xml = g_string_sized_new(4096 + (gsize) data_rows(data) * 512);
	g_autoptr(GString) merged = g_string_new(NULL);
	guint title_row = form->label != NULL && *form->label != '\0' ? 2 : 1;

	append_view(xml, form, head_rows);
	if (title_row == 2) {
		g_string_append(xml, "<row r=\"1\">");
		sheet_cell_text(xml, 1, 0, SHEET_STYLE_PLAIN, form->label);
		g_string_append(xml, "</row>");
	}
	g_string_append_printf(xml, "<row r=\"%u\" ht=\"27\" customHeight=\"1\">", title_row);
	sheet_cell_text(xml, title_row, 0, SHEET_STYLE_TITLE,
			form->title != NULL ? form->title : "");
	g_string_append(xml, "</row>");
	if (form->n_columns > 1)
		sheet_cell_merge(merged, title_row, 0, title_row, form->n_columns - 1);
	append_headings(xml, merged, form, title_row + 1);
	for (guint i = 0; i < data_rows(data); i++)
		append_row(xml, form, data, i, head_rows + 1 + i);
	g_string_append(xml, "</sheetData>");
	if (merged->len > 0)
		g_string_append_printf(xml, "<mergeCells>%s</mergeCells>", merged->str);
	if (append_end(xml, form, data, head_rows + data_rows(data), error))
		return xml;
	g_string_free(xml, TRUE);
	return NULL;
}

GBytes *sheet_xlsx_make(const Form *form, const Data *data, GError **error)
{
	g_autoptr(Package) package = package_new(error);
	guint head_rows = (form->label != NULL && *form->label != '\0' ? 1 : 0) + 2 +
			  (form_has_groups(form) ? 1 : 0);
	GString *sheet;

	if (package == NULL || !add_text(package, "[Content_Types].xml", content_types, error) ||
	    !add_text(package, "_rels/.rels", root_relations, error) ||
	    !add_workbook(package, form, head_rows, error) ||
	    !add_text(package, "xl/_rels/workbook.xml.rels", book_relations, error) ||
	    !add_text(package, "xl/styles.xml", styles, error))
		return NULL;
	sheet = make_sheet(form, data, head_rows, error);
	if (sheet == NULL || !package_add(package, "xl/worksheets/sheet1.xml", sheet, error))
		return NULL;
	return package_finish(package, error);
}
