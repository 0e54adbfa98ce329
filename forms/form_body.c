/* SPDX-License-Identifier: Apache-2.0
 * The kinds of lines a letter is made of: one row each. */
#include "forms/form_body.h"

#include <string.h>

#include "forms/form_error.h"
#include "forms/form_key.h"
#include "forms/form_text.h"
#include "forms/nearest.h"
#include "forms/placeholder.h"

#define TABLE_WORD "表 "

typedef struct KindRow {
	const char *word;
	FormLineKind kind;
	FormAlign align;
	guint least, most; /* texts */
	guint number;      /* 1 + the text that is a number; 0: none */
	double least_value, most_value;
	gboolean is_plain; /* its texts are names, not texts with braces */
} KindRow;

/* clang-format off */
static const KindRow kinds[] = {
	{ "空",       FORM_LINE_SPACE,   FORM_LEFT,   1, 1, 1, 0, 40,  TRUE },
	{ "左",       FORM_LINE_TEXT,    FORM_LEFT,   1, 1, 0, 0, 0,   FALSE },
	{ "中",       FORM_LINE_TEXT,    FORM_CENTRE, 1, 1, 0, 0, 0,   FALSE },
	{ "右",       FORM_LINE_TEXT,    FORM_RIGHT,  1, 1, 0, 0, 0,   FALSE },
	{ "見出し",   FORM_LINE_HEADING, FORM_LEFT,   1, 1, 0, 0, 0,   FALSE },
	{ "項目",     FORM_LINE_ITEM,    FORM_LEFT,   1, 2, 0, 0, 0,   FALSE },
	{ "署名",     FORM_LINE_SIGN,    FORM_LEFT,   1, 3, 0, 0, 0,   FALSE },
	{ "注",       FORM_LINE_NOTE,    FORM_LEFT,   2, 2, 0, 0, 0,   FALSE },
	{ "欄",       FORM_LINE_BOX,     FORM_LEFT,   1, 3, 3, 1, 40,  FALSE },
	{ "表",       FORM_LINE_TABLE,   FORM_LEFT,   0, 2, 2, 0, 100, TRUE },
	{ "グラフ",   FORM_LINE_CHART,   FORM_LEFT,   3, 3, 0, 0, 0,   TRUE },
	{ "位置",     FORM_LINE_AT,      FORM_LEFT,   2, 2, 0, 0, 0,   FALSE },
	{ "改頁",     FORM_LINE_PAGE,    FORM_LEFT,   0, 0, 0, 0, 0,   TRUE },
	{ "有るとき", FORM_LINE_IF,      FORM_LEFT,   1, 2, 0, 0, 0,   TRUE },
	{ "無いとき", FORM_LINE_UNLESS,  FORM_LEFT,   1, 2, 0, 0, 0,   TRUE },
	{ "終わり",   FORM_LINE_END,     FORM_LEFT,   0, 0, 0, 0, 0,   TRUE },
};
/* clang-format on */

const char *const *form_body_words(void)
{
	static const char *words[G_N_ELEMENTS(kinds) + 1];

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		words[i] = kinds[i].word;
	return words;
}

const char *form_body_condition_table(const FormLine *line)
{
	return g_str_has_prefix(line->text[0], TABLE_WORD) ? line->text[0] + strlen(TABLE_WORD)
							   : NULL;
}

static gboolean refuse_place(GError **error)
{
	return form_error_set(error, FORM_ERROR_INPUT,
			      "位置は「左から 上から 幅」（mm）の三つの数です",
			      "a place is three numbers (mm): x, y and width");
}

/* 「25 40.5 60」: mm */
static gboolean set_place(FormLine *line, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(line->text[0], " \t", -1);
	guint n = 0;

	for (guint i = 0; words[i] != NULL; i++) {
		if (*words[i] == '\0')
			continue;
		if (n == G_N_ELEMENTS(line->at))
			return refuse_place(error);
		if (!form_key_number(words[i], 0, 420, &line->at[n], error))
			return FALSE;
		line->at[n] = FORM_POINTS(line->at[n]);
		n++;
	}
	return n == G_N_ELEMENTS(line->at) || refuse_place(error);
}

static const KindRow *kind_of(const char *word, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (g_str_equal(kinds[i].word, word))
			return &kinds[i];
	}
	nearest_refuse(error, word, nearest_word(word, form_body_words()));
	form_error_prefix(error, "本文: ", "body: ");
	return NULL;
}

static gboolean check_fields(const FormLine *line, GError **error)
{
	for (int i = 1; i <= 2; i++) {
		if (field_of_word(line->text[i]) == _FIELD_MAX)
			return nearest_refuse(error, line->text[i],
					      field_nearest_column(line->text[i]));
	}
	return TRUE;
}

static gboolean check_condition(const FormLine *line, GError **error)
{
	const char *word = line->text[0];

	return form_body_condition_table(line) != NULL || field_is_placeholder(word) ||
	       nearest_refuse(error, word, field_nearest_placeholder(word));
}

static gboolean check_texts(FormLine *line, const KindRow *row, GError **error)
{
	for (guint i = 0; i < row->most && !row->is_plain; i++) {
		if (i + 1 != row->number && !placeholder_check(line->text[i], error))
			return FALSE;
	}
	if (line->kind == FORM_LINE_CHART)
		return check_fields(line, error);
	if (line->kind == FORM_LINE_AT)
		return set_place(line, error);
	if (line->kind == FORM_LINE_IF || line->kind == FORM_LINE_UNLESS)
		return check_condition(line, error);
	return TRUE;
}

static gboolean set_number(FormLine *line, const KindRow *row, GError **error)
{
	const char *text = row->number == 0 ? "" : line->text[row->number - 1];

	line->number = row->least_value;
	return *text == '\0' ||
	       form_key_number(text, row->least_value, row->most_value, &line->number, error);
}

gboolean form_body_read(FormLine *line, const char *text, GError **error)
{
	g_auto(GStrv) first = g_strsplit(text, "|", 2);
	g_auto(GStrv) cells = NULL;
	const KindRow *row;
	guint n;

	for (int i = 0; i < FORM_TEXTS_MAX; i++)
		line->text[i] = g_strdup("");
	row = kind_of(form_text_trim(first[0]), error);
	if (row == NULL)
		return FALSE;
	cells = g_strsplit(first[1] == NULL ? "" : first[1], "|", (int) MAX(row->most, 1));
	n = first[1] == NULL ? 0 : g_strv_length(cells);
	if (n < row->least)
		return form_error_set(error, FORM_ERROR_INPUT, "「%s | …」に文がありません",
				      "\"%s | ...\" has no text", row->word);
	line->kind = row->kind;
	line->align = row->align;
	for (guint i = 0; i < n && i < row->most; i++) {
		g_free(line->text[i]);
		line->text[i] = g_strstrip(g_strdup(cells[i]));
	}
	return set_number(line, row, error) && check_texts(line, row, error);
}

static gboolean check_table(const Form *form, const char *name, GError **error)
{
	const char *names[FORM_TABLES_MAX + 1] = { NULL };

	if (*name == '\0')
		return form->n_columns > 0 ||
		       form_error_set(error, FORM_ERROR_INPUT, "[列] がありません",
				      "there is no [列]");
	for (guint i = 0; i < form->n_tables; i++)
		names[i] = form->table[i].name;
	return form_table(form, name) != NULL ||
	       nearest_refuse(error, name, nearest_word(name, names));
}

static gboolean check_line(const Form *form, const FormLine *line, gboolean *is_open,
			   GError **error)
{
	gboolean begins = line->kind == FORM_LINE_IF || line->kind == FORM_LINE_UNLESS;
	const char *table = NULL;

	if (begins || line->kind == FORM_LINE_END) {
		if (*is_open == begins)
			return form_error_set(
				error, FORM_ERROR_INPUT,
				"「有るとき」「無いとき」と「終わり」は一つずつ組みます",
				"有るとき or 無いとき and 終わり come in pairs");
		*is_open = begins;
		table = begins ? form_body_condition_table(line) : NULL;
	}
	if (line->kind == FORM_LINE_TABLE || line->kind == FORM_LINE_CHART)
		table = line->text[0];
	return table == NULL || check_table(form, table, error);
}

gboolean form_body_settle(const Form *form, guint *ret_line, GError **error)
{
	gboolean is_open = FALSE;

	for (guint i = 0; i < form->n_lines; i++) {
		*ret_line = form->line[i].file_line;
		if (!check_line(form, &form->line[i], &is_open, error))
			return FALSE;
	}
	return !is_open || form_error_set(error, FORM_ERROR_INPUT, "「終わり」がありません",
					  "終わり is missing");
}
