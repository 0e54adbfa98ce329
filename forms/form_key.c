/* SPDX-License-Identifier: Apache-2.0
 * One row per key: what it may hold and where it goes. Lengths are written in mm, type in
 * points, and both may be typed full-width. */
#include "forms/form_key.h"

#include <stddef.h>
#include <string.h>

#include "forms/form_error.h"
#include "forms/form_text.h"
#include "forms/nearest.h"
#include "forms/placeholder.h"

typedef enum KeyKind {
	KEY_KIND,
	KEY_TEXT,
	KEY_TEMPLATE, /* text with words in braces */
	KEY_PAPER,
	KEY_MARGINS,
	KEY_POINTS,
	KEY_MM,
	KEY_SWITCH, /* one word, or the other */
	KEY_BOOKMARK,
	KEY_STAMPS,
	_KEY_KIND_MAX
} KeyKind;

typedef struct KeyRow {
	const char *word;
	KeyKind kind;
	size_t offset;
	double least, most;
	const char *on, *off; /* KEY_SWITCH */
} KeyRow;

/* clang-format off */
static const KeyRow keys[] = {
	{ "種別",     KEY_KIND,     0, 0, 0 },
	{ "標記",     KEY_TEXT,     offsetof(Form, label), 0, 0 },
	{ "表題",     KEY_TEXT,     offsetof(Form, title), 0, 0 },
	{ "用紙",     KEY_PAPER,    0, 0, 0 },
	{ "余白",     KEY_MARGINS,  0, 0, 0 },
	{ "書体",     KEY_TEXT,     offsetof(Form, fonts), 0, 0 },
	{ "文字",     KEY_POINTS,   offsetof(Form, size), 5, 36 },
	{ "表題文字", KEY_POINTS,   offsetof(Form, title_size), 5, 48 },
	{ "表文字",   KEY_POINTS,   offsetof(Form, table_size), 5, 36 },
	{ "行高",     KEY_MM,       offsetof(Form, row_height), 3, 60 },
	{ "空行",     KEY_SWITCH,   offsetof(Form, fill), 0, 0, "埋める", "なし" },
	{ "しおり",   KEY_BOOKMARK, 0, 0, 0 },
	{ "改頁",     KEY_SWITCH,   offsetof(Form, section_page), 0, 0, "所属", "なし" },
	{ "押印",     KEY_SWITCH,   offsetof(Form, seal), 0, 0, "あり", "なし" },
	{ "押印欄",   KEY_STAMPS,   0, 0, 0 },
	{ "字形なし", KEY_SWITCH,   offsetof(Form, geta), 0, 0, "〓", "断る" },
	{ "下絵",     KEY_SWITCH,   offsetof(Form, background), 0, 0, "あり", "なし" },
	{ "左下",     KEY_TEMPLATE, offsetof(Form, foot[FORM_LEFT]), 0, 0 },
	{ "中央下",   KEY_TEMPLATE, offsetof(Form, foot[FORM_CENTRE]), 0, 0 },
	{ "右下",     KEY_TEMPLATE, offsetof(Form, foot[FORM_RIGHT]), 0, 0 },
};

static const struct {
	const char *word;
	double width, height; /* mm */
} papers[] = {
	{ "A4縦", 210, 297 }, { "A4横", 297, 210 }, { "A3縦", 297, 420 }, { "A3横", 420, 297 },
	{ "A5縦", 148, 210 }, { "A5横", 210, 148 }, { "B5縦", 182, 257 }, { "B5横", 257, 182 },
	{ "B4縦", 257, 364 }, { "B4横", 364, 257 },
};
/* clang-format on */

G_STATIC_ASSERT(G_N_ELEMENTS(keys) <= FORM_KEY_COUNT);

static gboolean refuse(GError **error, const char *key, const char *choices)
{
	return form_error_set(error, FORM_ERROR_INPUT, "「%s」は %s のどれかです",
			      "\"%s\" must be one of %s", key, choices);
}

gboolean form_key_number(const char *text, double least, double most, double *ret_number,
			 GError **error)
{
	g_autofree char *folded = form_text_fold(text);
	char *end = folded;
	double number = g_ascii_isdigit(*folded) ? g_ascii_strtod(folded, &end) : 0;

	if (end == folded || *end != '\0')
		return form_error_set(error, FORM_ERROR_INPUT, "数値ではありません「%s」",
				      "not a number: \"%s\"", text);
	if (number < least || number > most)
		return form_error_set(error, FORM_ERROR_INPUT, "「%s」は %g から %g までです",
				      "\"%s\" must be from %g to %g", text, least, most);
	*ret_number = number;
	return TRUE;
}

static gboolean set_paper(Form *form, const char *folded, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(papers); i++) {
		if (g_str_equal(papers[i].word, folded)) {
			form->width = FORM_POINTS(papers[i].width);
			form->height = FORM_POINTS(papers[i].height);
			return TRUE;
		}
	}
	return refuse(error, "用紙", "A3・A4・A5・B4・B5 縦／横");
}

/* 上15 右12 下14 左20, in any order */
static gboolean set_margins(Form *form, const char *folded, GError **error)
{
	double *sides[] = { &form->top, &form->right, &form->bottom, &form->left };
	const char *words[] = { "上", "右", "下", "左" };

	for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
		const char *at = strstr(folded, words[i]);
		double mm = at == NULL ? -1 : g_ascii_strtod(at + strlen(words[i]), NULL);

		if (!(mm >= 5 && mm <= 80))
			return form_error_set(error, FORM_ERROR_INPUT,
					      "余白は「上15 右15 下15 左20」の形です（5〜80 mm）",
					      "margins read 上15 右15 下15 左20 (5 to 80 mm)");
		*sides[i] = FORM_POINTS(mm);
	}
	return TRUE;
}

static gboolean set_stamps(Form *form, const char *value, GError **error)
{
	g_autofree char *same = NULL;
	g_auto(GStrv) names = NULL, parts = g_strsplit(value, "、", -1);

	same = g_strjoinv(",", parts);
	names = g_strsplit(same, ",", -1);
	if (g_strv_length(names) > FORM_STAMPS_MAX)
		return form_error_set(error, FORM_ERROR_INPUT, "押印欄は %d 人までです",
				      "at most %d stamps", FORM_STAMPS_MAX);
	for (guint i = 0; names[i] != NULL && *value != '\0'; i++)
		form->stamp[form->n_stamps++] = form_text_trim(g_strdup(names[i]));
	return TRUE;
}

static gboolean set_switch(Form *form, const KeyRow *row, const char *value, GError **error)
{
	g_autofree char *choices = g_strdup_printf("%s・%s", row->on, row->off);
	g_autofree char *folded = form_text_fold(value);
	gboolean *is_on = G_STRUCT_MEMBER_P(form, row->offset);

	*is_on = g_str_equal(folded, row->on);
	return *is_on || g_str_equal(folded, row->off) || refuse(error, row->word, choices);
}

static gboolean set_bookmark(Form *form, const char *folded, GError **error)
{
	static const char *const bookmarks[] = { "なし", "年度", "所属" };

	for (guint i = 0; i < G_N_ELEMENTS(bookmarks); i++) {
		if (g_str_equal(bookmarks[i], folded)) {
			form->bookmark = (FormBookmark) i;
			return TRUE;
		}
	}
	return refuse(error, "しおり", "年度・所属・なし");
}

static gboolean set_kind(Form *form, const char *folded, GError **error)
{
	gboolean is_letter = g_str_equal(folded, "文書");

	form->kind = is_letter ? FORM_LETTER : FORM_REGISTER;
	return is_letter || g_str_equal(folded, "一覧表") || refuse(error, "種別", "一覧表・文書");
}

static void set_text(Form *form, const KeyRow *row, const char *value)
{
	char **text = G_STRUCT_MEMBER_P(form, row->offset);

	g_free(*text);
	*text = g_strdup(value);
}

static gboolean set(Form *form, const KeyRow *row, const char *value, GError **error)
{
	g_autofree char *folded = form_text_fold(value);
	double *number = G_STRUCT_MEMBER_P(form, row->offset);

	switch (row->kind) {
	case KEY_KIND:
		return set_kind(form, folded, error);
	case KEY_TEMPLATE:
		if (!placeholder_check(value, error))
			return FALSE;
		set_text(form, row, value);
		return TRUE;
	case KEY_TEXT:
		set_text(form, row, value);
		return TRUE;
	case KEY_PAPER:
		return set_paper(form, folded, error);
	case KEY_MARGINS:
		return set_margins(form, folded, error);
	case KEY_POINTS:
		return form_key_number(value, row->least, row->most, number, error);
	case KEY_MM:
		if (!form_key_number(value, row->least, row->most, number, error))
			return FALSE;
		*number = FORM_POINTS(*number);
		return TRUE;
	case KEY_SWITCH:
		return set_switch(form, row, value, error);
	case KEY_BOOKMARK:
		return set_bookmark(form, folded, error);
	case KEY_STAMPS:
		return set_stamps(form, value, error);
	case _KEY_KIND_MAX:
		break;
	}
	return FALSE;
}

const char *const *form_key_words(void)
{
	static const char *words[G_N_ELEMENTS(keys) + 1];

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		words[i] = keys[i].word;
	return words;
}

int form_key_set(Form *form, const char *key, const char *value, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (g_str_equal(keys[i].word, key))
			return set(form, &keys[i], value, error) ? (int) i : -1;
	}
	nearest_refuse(error, key, nearest_word(key, form_key_words()));
	return -1;
}
