/* SPDX-License-Identifier: Apache-2.0
 * Columns as an office writes them. A width of 「*」 stays 0 until the whole table is known. */
#include "forms/form_column.h"

#include <string.h>

#include "forms/form_error.h"
#include "forms/form_key.h"
#include "forms/form_text.h"
#include "forms/nearest.h"
#include "forms/placeholder.h"

#define LEAST_WIDTH FORM_POINTS(8) /* of a column of width 「*」 */

static const char *const aligns[] = { "左", "中", "右", NULL };
static const char *const words[] = { "縮小", "均等", NULL };

const char *const *form_column_words(void)
{
	return words;
}

static gboolean set_width(FormColumn *column, const char *text, GError **error)
{
	g_autofree char *folded = form_text_fold(text);

	column->width = 0;
	if (g_str_equal(folded, "*"))
		return TRUE;
	if (!form_key_number(text, 4, 400, &column->width, error))
		return form_error_prefix(error, "幅: ", "width: ");
	column->width = FORM_POINTS(column->width);
	return TRUE;
}

/* 和暦 and the other dates, 縮小 and 均等, in any order */
static gboolean set_shown(FormColumn *column, const char *text, GError **error)
{
	g_auto(GStrv) given = g_strsplit_set(text, " \t,", -1);

	column->date = _ERA_STYLE_MAX;
	for (guint i = 0; given[i] != NULL; i++) {
		EraStyle style = placeholder_style(given[i]);

		if (style != _ERA_STYLE_MAX)
			column->date = style;
		else if (g_str_equal(given[i], words[0]))
			column->squeeze = TRUE;
		else if (g_str_equal(given[i], words[1]))
			column->spread = TRUE;
		else if (*given[i] != '\0')
			return form_error_set(error, FORM_ERROR_INPUT,
					      "知らない表示形式「%"
					      "s」（和暦・和暦短・日時・時刻・年度・縮小・均等）",
					      "unknown format \"%s\" (和暦, 和暦短, 日時, 時刻, "
					      "年度, 縮小, 均等)",
					      given[i]);
	}
	return TRUE;
}

/* 「指定^（追加・削除・継続）」 has two lines. */
static char *heading(const char *text, gsize length)
{
	g_autofree char *given = g_strndup(text, length);
	g_auto(GStrv) parts = g_strsplit(g_strdelimit(given, "^", '\n'), "＾", -1);

	return form_text_trim(g_strjoinv("\n", parts));
}

static gboolean set_align(FormColumn *column, char *text, GError **error)
{
	guint align = 0;

	form_text_trim(text);
	while (aligns[align] != NULL && !g_str_equal(aligns[align], text))
		align++;
	column->align = (FormAlign) align;
	return aligns[align] != NULL ||
	       form_error_set(error, FORM_ERROR_INPUT, "寄せは 左・中・右 のどれかです「%s」",
			      "alignment must be 左, 中 or 右: \"%s\"", text);
}

gboolean form_column_read(FormColumn *column, char **cells, GError **error)
{
	const char *slash = strstr(cells[0], "／");
	const char *head = slash == NULL ? cells[0] : slash + strlen("／");

	if (slash != NULL)
		column->group = heading(cells[0], (gsize) (slash - cells[0]));
	column->head = heading(head, strlen(head));
	form_text_trim(cells[1]);
	column->field = field_of_word(cells[1]);
	if (column->field == _FIELD_MAX && *cells[1] != '\0')
		return nearest_refuse(error, cells[1], field_nearest_column(cells[1]));
	return set_align(column, cells[3], error) &&
	       set_width(column, form_text_trim(cells[2]), error) &&
	       set_shown(column, cells[4] == NULL ? "" : cells[4], error);
}

gboolean form_column_settle(FormColumn *columns, guint n, double width, GError **error)
{
	double rest = width;
	guint stars = 0;

	for (guint i = 0; i < n; i++) {
		rest -= columns[i].width;
		stars += columns[i].width == 0;
	}
	if (rest < -0.1 || (stars > 0 && rest < stars * LEAST_WIDTH))
		return form_error_set(error, FORM_ERROR_INPUT,
				      "列の幅の合計が用紙に入りません（%.1f mm 超過）",
				      "the columns do not fit the paper (%.1f mm too wide)",
				      (stars * LEAST_WIDTH - rest) * 25.4 / 72);
	for (guint i = 0; i < n; i++) {
		if (columns[i].width == 0)
			columns[i].width = rest / stars;
	}
	return TRUE;
}
