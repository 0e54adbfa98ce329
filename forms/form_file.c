/* SPDX-License-Identifier: Apache-2.0
 * Sections, read line by line: [様式] key = value, [列] and [表 NAME] cells between bars, [本文]
 * kind and texts between bars. Bars, equal signs and brackets may be typed full-width. */
#include "forms/form_file.h"

#include <string.h>

#include "forms/form_body.h"
#include "forms/form_column.h"
#include "forms/form_error.h"
#include "forms/form_key.h"
#include "forms/form_text.h"
#include "forms/nearest.h"

#define LINE_MAX_BYTES 4000

typedef enum Section {
	SECTION_FORM,
	SECTION_COLUMNS,
	SECTION_BODY,
	SECTION_TABLE,
	_SECTION_MAX
} Section;

typedef struct Reader {
	Form *form;
	Section section;                /* _SECTION_MAX before the first */
	guint key_line[FORM_KEY_COUNT]; /* where a key stood first; 0: not yet */
	guint columns_line;
	guint line;
} Reader;

static const char *const sections[] = { "様式", "列", "本文", "表", NULL };

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

static gboolean begin_table(Reader *reader, const char *name, GError **error)
{
	Form *form = reader->form;
	FormTable *table;

	if (*name == '\0' || form_table(form, name) != NULL || form->n_tables == FORM_TABLES_MAX)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "[表 名前] は名前を変えて %d 個までです「%s」",
				      "[表 NAME] needs a name of its own, at most %d: \"%s\"",
				      FORM_TABLES_MAX, name);
	table = &form->table[form->n_tables++];
	table->name = g_strdup(name);
	table->file_line = reader->line;
	return TRUE;
}

static gboolean names_table(const char *section)
{
	const char *after = section + strlen("表");

	return g_str_has_prefix(section, "表") &&
	       (*after == '\0' || *after == ' ' || *after == '\t' || g_str_has_prefix(after, "　"));
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
	if (names_table(both + 1)) {
		reader->section = SECTION_TABLE;
		return begin_table(reader, form_text_trim(both + 1 + strlen("表")), error);
	}
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
	value = g_strstrip(g_strdup(sign + (sign == wide ? strlen("＝") : 1)));
	index = form_key_set(reader->form, key, value, error);
	if (index < 0)
		return FALSE;
	if (reader->key_line[index] != 0)
		return form_error_set(error, FORM_ERROR_INPUT, "「%s」は %u 行目にもあります",
				      "\"%s\" is on line %u too", key, reader->key_line[index]);
	reader->key_line[index] = reader->line;
	return TRUE;
}

static gboolean read_column(Reader *reader, const char *line, GError **error)
{
	Form *form = reader->form;
	gboolean is_main = reader->section == SECTION_COLUMNS;
	FormTable *table = is_main ? NULL : &form->table[form->n_tables - 1];
	FormColumn *columns = is_main ? form->column : table->column;
	guint *n_columns = is_main ? &form->n_columns : &table->n_columns;
	g_autofree char *narrow = half_width(line, "｜", "|");
	g_auto(GStrv) cells = g_strsplit(narrow, "|", -1);
	guint n = g_strv_length(cells);

	if (n < 4 || n > 5)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "列は「見出し | 項目 | 幅 | 寄せ | 表示形式」の形です",
				      "a column reads head | field | width | align | format");
	if (*n_columns == FORM_COLUMNS_MAX)
		return form_error_set(error, FORM_ERROR_INPUT, "列は %d 本までです",
				      "at most %d columns", FORM_COLUMNS_MAX);
	return form_column_read(&columns[(*n_columns)++], cells, error);
}

static gboolean read_line(Reader *reader, const char *text, GError **error)
{
	g_autofree char *narrow = half_width(text, "｜", "|");
	FormLine *line;

	if (reader->form->n_lines == FORM_LINES_MAX)
		return form_error_set(error, FORM_ERROR_INPUT, "本文は %d 行までです",
				      "at most %d lines", FORM_LINES_MAX);
	line = &reader->form->line[reader->form->n_lines++];
	line->file_line = reader->line;
	return form_body_read(line, narrow, error);
}

static gboolean read_any(Reader *reader, char *raw, GError **error)
{
	g_autofree char *line = g_strdup(raw), *trimmed = form_text_trim(g_strdup(raw));

	g_strstrip(line);
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
	case SECTION_TABLE:
		return read_column(reader, line, error);
	case SECTION_BODY:
		return read_line(reader, line, error);
	case _SECTION_MAX:
		break;
	}
	return form_error_set(error, FORM_ERROR_INPUT, "最初に [様式] が要ります",
			      "[様式] must come first");
}

static gboolean settle_tables(Reader *reader, GError **error)
{
	Form *form = reader->form;
	double width = form->width - form->left - form->right;

	reader->line = reader->columns_line;
	if (!form_column_settle(form->column, form->n_columns, width, error))
		return FALSE;
	for (guint i = 0; i < form->n_tables; i++) {
		FormTable *table = &form->table[i];

		reader->line = table->file_line;
		if (table->n_columns == 0)
			return form_error_set(error, FORM_ERROR_INPUT, "[表 %s] に列がありません",
					      "[表 %s] has no column", table->name);
		if (!form_column_settle(table->column, table->n_columns, width, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean settle_kind(const Form *form, GError **error)
{
	gboolean is_register = form->kind == FORM_REGISTER;

	if (form->kind == _FORM_KIND_MAX || *form->title == '\0')
		return form_error_set(error, FORM_ERROR_INPUT,
				      "[様式] に「種別」と「表題」が要ります",
				      "[様式] needs 種別 and 表題");
	if (is_register ? form->n_columns == 0 : form->n_lines == 0)
		return form_error_set(error, FORM_ERROR_INPUT, "[%s] がありません",
				      "there is no [%s]", is_register ? "列" : "本文");
	if (is_register && (form->n_lines > 0 || form->n_tables > 0))
		return form_error_set(error, FORM_ERROR_INPUT, "一覧表には [列] だけを書きます",
				      "a 一覧表 has only [列]");
	if (form->width - form->left - form->right < FORM_POINTS(40) ||
	    form->height - form->top - form->bottom < FORM_POINTS(60))
		return form_error_set(error, FORM_ERROR_INPUT, "余白が大きすぎます",
				      "the margins are too wide");
	return TRUE;
}

static gboolean settle(Reader *reader, GError **error)
{
	return settle_kind(reader->form, error) && settle_tables(reader, error) &&
	       form_body_settle(reader->form, &reader->line, error);
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
