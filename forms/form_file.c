/* SPDX-License-Identifier: Apache-2.0
 * Three sections, read line by line: [様式] key = value, [列] cells between bars, [本文] kind and
 * texts between bars. Bars, equal signs and brackets may be typed full-width. */
#include "forms/form_file.h"

#include <string.h>

#include "forms/form_error.h"
#include "forms/form_key.h"
#include "forms/form_text.h"
#include "forms/nearest.h"
#include "forms/placeholder.h"

#define LINE_MAX_BYTES 4000

typedef enum Section {
	SECTION_FORM,
	SECTION_COLUMNS,
	SECTION_BODY,
	_SECTION_MAX
} Section;

typedef struct Reader {
	Form *form;
	Section section;                /* _SECTION_MAX before the first */
	guint key_line[FORM_KEY_COUNT]; /* where a key stood first; 0: not yet */
	guint columns_line;
	guint line;
} Reader;

static const char *const sections[] = { "様式", "列", "本文", NULL };
static const char *const aligns[] = { "左", "中", "右", NULL };

/* clang-format off */
static const struct {
	const char *word;
	FormLineKind kind;
	FormAlign align;
	guint texts; /* how many it needs at least */
} line_kinds[] = {
	{ "空",   FORM_LINE_SPACE, FORM_LEFT,   1 },
	{ "左",   FORM_LINE_TEXT,  FORM_LEFT,   1 },
	{ "中",   FORM_LINE_TEXT,  FORM_CENTRE, 1 },
	{ "右",   FORM_LINE_TEXT,  FORM_RIGHT,  1 },
	{ "項目", FORM_LINE_ITEM,  FORM_LEFT,   1 },
	{ "署名", FORM_LINE_SIGN,  FORM_LEFT,   1 },
	{ "注",   FORM_LINE_NOTE,  FORM_LEFT,   2 },
};
/* clang-format on */

static guint index_of(const char *const *words, const char *word)
{
	guint i = 0;

	while (words[i] != NULL && !g_str_equal(words[i], word))
		i++;
	return i;
}

/* The text with every full-width sign of that meaning typed half-width. */
static char *half_width(const char *text, const char *wide, const char *narrow)
{
	g_auto(GStrv) parts = g_strsplit(text, wide, -1);

	return g_strjoinv(narrow, parts);
}

/* A blank typed by hand is shape, a full-width one is content. */
static char *strip_ascii(char *text)
{
	return g_strstrip(text);
}

static gboolean read_section(Reader *reader, const char *line, GError **error)
{
	g_autofree char *open = half_width(line, "［", "[");
	g_autofree char *both = half_width(open, "］", "]");
	char *end = strrchr(both, ']');

	if (end == NULL || end[1] != '\0')
		return form_error_set(error, FORM_ERROR_INPUT, "「]」で終わっていません",
				      "does not end with \"]\"");
	*end = '\0';
	form_text_trim(both + 1);
	reader->section = (Section) index_of(sections, both + 1);
	if (reader->section == _SECTION_MAX)
		return nearest_refuse(error, both + 1, nearest_word(both + 1, sections));
	if (reader->section == SECTION_COLUMNS)
		reader->columns_line = reader->line;
	return TRUE;
}

static gboolean read_key(Reader *reader, const char *line, GError **error)
{
	const char *wide = strstr(line, "＝"), *narrow = strchr(line, '=');
	const char *sign = wide != NULL && (narrow == NULL || wide < narrow) ? wide : narrow;
	g_autofree char *key = NULL, *value = NULL;
	int index;

	if (sign == NULL)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "「項目 = 値」の形ではありません「%s」",
				      "must read key = value: \"%s\"", line);
	key = form_text_trim(g_strndup(line, (gsize) (sign - line)));
	value = strip_ascii(g_strdup(sign + (sign == wide ? strlen("＝") : 1)));
	index = form_key_set(reader->form, key, value, error);
	if (index < 0)
		return FALSE;
	if (reader->key_line[index] != 0)
		return form_error_set(error, FORM_ERROR_INPUT, "「%s」は %u 行目にもあります",
				      "\"%s\" is on line %u too", key, reader->key_line[index]);
	reader->key_line[index] = reader->line;
	return TRUE;
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

/* 和暦, 和暦短, 日時 and 縮小, in any order */
static gboolean set_shown(FormColumn *column, const char *text, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t,", -1);

	column->date = _ERA_STYLE_MAX;
	for (guint i = 0; words[i] != NULL; i++) {
		EraStyle style = placeholder_style(words[i]);

		if (style != _ERA_STYLE_MAX)
			column->date = style;
		else if (g_str_equal(words[i], "縮小"))
			column->squeeze = TRUE;
		else if (*words[i] != '\0')
			return form_error_set(error, FORM_ERROR_INPUT,
					      "知らない表示形式「%s」（和暦・和暦短・日時・縮小）",
					      "unknown format \"%s\" (和暦, 和暦短, 日時, 縮小)",
					      words[i]);
	}
	return TRUE;
}

static gboolean set_column(FormColumn *column, char **cells, GError **error)
{
	const char *slash = strstr(cells[0], "／");
	guint align = index_of(aligns, form_text_trim(cells[3]));

	if (slash != NULL)
		column->group = form_text_trim(g_strndup(cells[0], (gsize) (slash - cells[0])));
	column->head = form_text_trim(g_strdup(slash == NULL ? cells[0] : slash + strlen("／")));
	form_text_trim(cells[1]);
	column->field = field_of_word(cells[1]);
	if (column->field == _FIELD_MAX && *cells[1] != '\0')
		return nearest_refuse(error, cells[1], field_nearest_column(cells[1]));
	if (align == _FORM_ALIGN_MAX)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "寄せは 左・中・右 のどれかです「%s」",
				      "alignment must be 左, 中 or 右: \"%s\"", cells[3]);
	column->align = (FormAlign) align;
	return set_width(column, cells[2], error) &&
	       set_shown(column, cells[4] == NULL ? "" : cells[4], error);
}

static gboolean read_column(Reader *reader, const char *line, GError **error)
{
	g_autofree char *narrow = half_width(line, "｜", "|");
	g_auto(GStrv) cells = g_strsplit(narrow, "|", -1);
	guint n = g_strv_length(cells);

	if (n < 4 || n > 5)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "列は「見出し | 項目 | 幅 | 寄せ | 表示形式」の形です",
				      "a column reads head | field | width | align | format");
	if (reader->form->n_columns == FORM_COLUMNS_MAX)
		return form_error_set(error, FORM_ERROR_INPUT, "列は %d 本までです",
				      "at most %d columns", FORM_COLUMNS_MAX);
	return set_column(&reader->form->column[reader->form->n_columns++], cells, error);
}

static gboolean set_line(FormLine *line, char **cells, GError **error)
{
	guint n = g_strv_length(cells), kind = 0;

	form_text_trim(cells[0]);
	while (kind < G_N_ELEMENTS(line_kinds) && !g_str_equal(line_kinds[kind].word, cells[0]))
		kind++;
	if (kind == G_N_ELEMENTS(line_kinds))
		return form_error_set(error, FORM_ERROR_INPUT,
				      "知らない行「%s」（空・左・中・右・項目・署名・注）",
				      "unknown line \"%s\" (空, 左, 中, 右, 項目, 署名, 注)",
				      cells[0]);
	if (n - 1 < line_kinds[kind].texts)
		return form_error_set(error, FORM_ERROR_INPUT, "「%s | …」に文がありません",
				      "\"%s | ...\" has no text", cells[0]);
	line->kind = line_kinds[kind].kind;
	line->align = line_kinds[kind].align;
	for (guint i = 1; i < n; i++) {
		g_free(line->text[i - 1]);
		line->text[i - 1] = strip_ascii(g_strdup(cells[i]));
		if (!placeholder_check(cells[i], error))
			return FALSE;
	}
	return line->kind != FORM_LINE_SPACE ||
	       form_key_number(line->text[0], 0, 40, &line->space, error);
}

static gboolean read_line(Reader *reader, const char *text, GError **error)
{
	g_autofree char *narrow = half_width(text, "｜", "|");
	g_auto(GStrv) cells = g_strsplit(narrow, "|", 4);
	FormLine *line;

	if (reader->form->n_lines == FORM_LINES_MAX)
		return form_error_set(error, FORM_ERROR_INPUT, "本文は %d 行までです",
				      "at most %d lines", FORM_LINES_MAX);
	line = &reader->form->line[reader->form->n_lines++];
	line->file_line = reader->line;
	for (int i = 0; i < 3; i++)
		line->text[i] = g_strdup("");
	return set_line(line, cells, error);
}

static gboolean read_any(Reader *reader, char *raw, GError **error)
{
	g_autofree char *line = g_strdup(raw), *trimmed = form_text_trim(g_strdup(raw));

	strip_ascii(line);
	if (*trimmed == '\0' || *trimmed == '#' || g_str_has_prefix(trimmed, "＃"))
		return TRUE;
	if (strlen(line) > LINE_MAX_BYTES)
		return form_error_set(error, FORM_ERROR_INPUT, "行が長すぎます",
				      "the line is too long");
	if (*trimmed == '[' || g_str_has_prefix(trimmed, "［"))
		return read_section(reader, trimmed, error);
	switch (reader->section) {
	case SECTION_FORM:
		return read_key(reader, line, error);
	case SECTION_COLUMNS:
		return read_column(reader, line, error);
	case SECTION_BODY:
		return read_line(reader, line, error);
	case _SECTION_MAX:
		break;
	}
	return form_error_set(error, FORM_ERROR_INPUT, "最初に [様式] が要ります",
			      "[様式] must come first");
}

/* Shares the rest of the paper among the columns of width 「*」. */
static gboolean settle_widths(Form *form, GError **error)
{
	double rest = form->width - form->left - form->right;
	guint stars = 0;

	for (guint i = 0; i < form->n_columns; i++) {
		rest -= form->column[i].width;
		stars += form->column[i].width == 0;
	}
	if (rest < -0.1 || (stars > 0 && rest < stars * FORM_POINTS(8)))
		return form_error_set(error, FORM_ERROR_INPUT,
				      "列の幅の合計が用紙に入りません（%.1f mm 超過）",
				      "the columns do not fit the paper (%.1f mm too wide)",
				      (stars * FORM_POINTS(8) - rest) * 25.4 / 72);
	for (guint i = 0; i < form->n_columns; i++) {
		if (form->column[i].width == 0)
			form->column[i].width = rest / stars;
	}
	return TRUE;
}

static gboolean settle(Reader *reader, GError **error)
{
	Form *form = reader->form;
	gboolean is_register = form->kind == FORM_REGISTER;

	if (form->kind == _FORM_KIND_MAX || *form->title == '\0')
		return form_error_set(error, FORM_ERROR_INPUT,
				      "[様式] に「種別」と「表題」が要ります",
				      "[様式] needs 種別 and 表題");
	if (is_register ? form->n_columns == 0 : form->n_lines == 0)
		return form_error_set(error, FORM_ERROR_INPUT, "[%s] がありません",
				      "there is no [%s]", is_register ? "列" : "本文");
	if (is_register ? form->n_lines > 0 : form->n_columns > 0)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "一覧表には [列]、文書には [本文] だけを書きます",
				      "a 一覧表 has only [列], a 文書 only [本文]");
	if (form->width - form->left - form->right < FORM_POINTS(40) ||
	    form->height - form->top - form->bottom < FORM_POINTS(60))
		return form_error_set(error, FORM_ERROR_INPUT, "余白が大きすぎます",
				      "the margins are too wide");
	if (is_register)
		reader->line = reader->columns_line;
	return !is_register || settle_widths(form, error);
}

Form *form_file_read(const char *name, const char *bytes, gsize length, GError **error)
{
	g_autoptr(Form) form = form_new();
	g_auto(GStrv) lines = form_text_lines(name, bytes, length, error);
	Reader reader = { .form = form, .section = _SECTION_MAX };
	gboolean good = TRUE;

	if (lines == NULL)
		return NULL;
	for (guint i = 0; lines[i] != NULL && good; i++) {
		reader.line = i + 1;
		good = read_any(&reader, lines[i], error);
	}
	if (!good || !settle(&reader, error)) {
		form_error_prefix(error, "%s:%u: ", "%s:%u: ", name, reader.line);
		return NULL;
	}
	return g_steal_pointer(&form);
}
