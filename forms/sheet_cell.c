/* SPDX-License-Identifier: Apache-2.0
 * Cells as XML. Excel reads _x000D_ in a text as a control character, so a text that says so is
 * written with its underscore escaped. */
#include "forms/sheet_cell.h"

#include <string.h>

#include "forms/era.h"
#include "forms/sheet.h"

#define FIRST_GOOD_SERIAL 61     /* 1900-03-01 */
#define JULIAN_OF_ZERO    693594 /* GDate's day of 1899-12-30 */

void sheet_cell_place(GString *xml, guint row, guint column)
{
	char letters[4];
	guint n = 0;

	for (guint rest = column + 1; rest > 0 && n < sizeof letters; rest = (rest - 1) / 26)
		letters[n++] = (char) ('A' + (rest - 1) % 26);
	while (n > 0)
		g_string_append_c(xml, letters[--n]);
	g_string_append_printf(xml, "%u", row);
}

static gboolean is_escape(const char *at)
{
	static const char shape[] = "_xhhhh_";

	for (int i = 0; shape[i] != '\0'; i++)
		if (shape[i] == 'h' ? !g_ascii_isxdigit(at[i]) : at[i] != shape[i])
			return FALSE;
	return TRUE;
}

void sheet_cell_escape(GString *xml, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '&')
			g_string_append(xml, "&amp;");
		else if (*text == '<')
			g_string_append(xml, "&lt;");
		else if (*text == '>')
			g_string_append(xml, "&gt;");
		else if (*text == '"')
			g_string_append(xml, "&quot;");
		else if (*text == '_' && is_escape(text))
			g_string_append(xml, "_x005F_");
		else
			g_string_append_c(xml, *text);
	}
}

static void open_cell(GString *xml, guint row, guint column, SheetStyle style)
{
	char number[8];

	g_string_append(xml, "<c r=\"");
	sheet_cell_place(xml, row, column);
	g_string_append(xml, "\" s=\"");
	g_snprintf(number, sizeof number, "%d", (int) style);
	g_string_append(xml, number);
}

void sheet_cell_text(GString *xml, guint row, guint column, SheetStyle style, const char *text)
{
	gboolean is_cell = style == SHEET_STYLE_TEXT || style == SHEET_STYLE_CENTRE;

	open_cell(xml, row, column, is_cell && sheet_is_formula(text) ? SHEET_STYLE_QUOTED : style);
	if (*text == '\0') {
		g_string_append(xml, "\"/>");
		return;
	}
	g_string_append(xml, "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
	sheet_cell_escape(xml, text);
	g_string_append(xml, "</t></is></c>");
}

gboolean sheet_cell_date(GString *xml, guint row, guint column, const char *iso)
{
	EraDate date;
	GDate day;
	int serial;

	if (!era_parse(iso, &date))
		return FALSE;
	g_date_clear(&day, 1);
	g_date_set_dmy(&day, (GDateDay) date.day, (GDateMonth) date.month, (GDateYear) date.year);
	serial = (int) g_date_get_julian(&day) - JULIAN_OF_ZERO;
	if (serial < FIRST_GOOD_SERIAL)
		return FALSE;
	open_cell(xml, row, column, SHEET_STYLE_DATE);
	g_string_append_printf(xml, "\"><v>%d</v></c>", serial);
	return TRUE;
}

void sheet_cell_merge(GString *xml, guint row, guint column, guint end_row, guint end_column)
{
	g_string_append(xml, "<mergeCell ref=\"");
	sheet_cell_place(xml, row, column);
	g_string_append_c(xml, ':');
	sheet_cell_place(xml, end_row, end_column);
	g_string_append(xml, "\"/>");
}
