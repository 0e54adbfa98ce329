/* SPDX-License-Identifier: Apache-2.0
 * Words in braces, replaced while printing. A form is checked once when it is read, so that
 * nothing but a wrong date in the data can fail later. */
#include "forms/placeholder.h"

#include <string.h>

#include "forms/form_error.h"
#include "forms/nearest.h"

typedef struct Word {
	char name[96];
	char style[32]; /* "" for none */
} Word;

static const char *const styles[] = {
	[ERA_FULL] = "和暦",  [ERA_SHORT] = "和暦短", [ERA_TIME] = "日時",
	[ERA_CLOCK] = "時刻", [ERA_YEAR] = "年度",    [_ERA_STYLE_MAX] = NULL,
};

/* What is left to be filled in by hand. */
static const char *const blanks[] = {
	[ERA_FULL] = "　　　年　　月　　日",
	[ERA_SHORT] = "　　　年　　月　　日",
	[ERA_TIME] = "　　　年　　月　　日　　時　　分",
	[ERA_CLOCK] = "　　時　　分",
	[ERA_YEAR] = "　　　年度",
};

const char *const *placeholder_styles(void)
{
	return styles;
}

EraStyle placeholder_style(const char *ja)
{
	int i = 0;

	while (styles[i] != NULL && !g_str_equal(styles[i], ja))
		i++;
	return (EraStyle) i;
}

/* Splits what follows an opening brace; returns what follows the closing one, or NULL. */
static const char *next_word(const char *text, Word *ret_word)
{
	const char *end = strchr(text, '}');
	const char *colon = end == NULL ? NULL : memchr(text, ':', (gsize) (end - text));
	gsize n_name = end == NULL ? 0 : (gsize) ((colon == NULL ? end : colon) - text);
	gsize n_style = colon == NULL ? 0 : (gsize) (end - colon - 1);

	if (n_name == 0 || n_name >= sizeof ret_word->name || n_style >= sizeof ret_word->style)
		return NULL;
	memcpy(ret_word->name, text, n_name);
	ret_word->name[n_name] = '\0';
	if (n_style != 0)
		memcpy(ret_word->style, colon + 1, n_style);
	ret_word->style[n_style] = '\0';
	return end + 1;
}

static gboolean check_word(const Word *word, GError **error)
{
	if (!field_is_placeholder(word->name))
		return nearest_refuse(error, word->name, field_nearest_placeholder(word->name));
	if (word->style[0] != '\0' && placeholder_style(word->style) == _ERA_STYLE_MAX)
		return form_error_set(
			error, FORM_ERROR_INPUT,
			"知らない表示形式「%s」（和暦・和暦短・日時・時刻・年度のどれか）",
			"unknown format \"%s\" (和暦, 和暦短, 日時, 時刻 or 年度)", word->style);
	return TRUE;
}

gboolean placeholder_check(const char *text, GError **error)
{
	Word word;

	while ((text = strpbrk(text, "{}")) != NULL) {
		const char *after = *text == '{' ? next_word(text + 1, &word) : NULL;

		if (after == NULL)
			return form_error_set(error, FORM_ERROR_INPUT,
					      "「{項目}」の形ではありません",
					      "braces must read {word}");
		if (!check_word(&word, error))
			return FALSE;
		text = after;
	}
	return TRUE;
}

/* "" where there is nothing; number holds the digits of a counted word. */
static const char *value_of(const char *name, const PlaceholderScope *scope, char number[16])
{
	Field field = field_of_word(name);
	const char *text = "";

	if (scope->row >= 0 && field != _FIELD_MAX)
		text = data_cell(scope->data, (guint) scope->row, field);
	if (*text == '\0' && data_value(scope->data, name) != NULL)
		text = data_value(scope->data, name);
	if (scope->data == NULL && g_str_equal(name, "件数"))
		return "";
	if (*text != '\0' || field_is_value(name) || field != _FIELD_MAX)
		return text;
	g_snprintf(number, 16, "%u",
		   g_str_equal(name, "頁")     ? scope->page
		   : g_str_equal(name, "総頁") ? scope->pages
					       : data_rows(scope->data));
	return number;
}

static gboolean append_value(GString *out, const Word *word, const char *value, GError **error)
{
	g_autofree char *shown = NULL;
	EraDate date;

	if (word->style[0] == '\0') {
		g_string_append(out, value);
		return TRUE;
	}
	if (*value == '\0') {
		g_string_append(out, blanks[placeholder_style(word->style)]);
		return TRUE;
	}
	if (!era_parse(value, &date))
		return form_error_set(error, FORM_ERROR_INPUT, "%s「%s」は日付ではありません",
				      "%s \"%s\" is not a date", word->name, value);
	shown = era_format(&date, placeholder_style(word->style));
	g_string_append(out, shown);
	return TRUE;
}

char *placeholder_fill(const char *text, const PlaceholderScope *scope, GError **error)
{
	GString *out = g_string_new(NULL);
	char number[16];
	Word word;

	for (const char *open; (open = strchr(text, '{')) != NULL;) {
		g_string_append_len(out, text, open - text);
		text = next_word(open + 1, &word);
		if (text == NULL ||
		    !append_value(out, &word, value_of(word.name, scope, number), error)) {
			g_string_free(out, TRUE);
			return NULL;
		}
	}
	g_string_append(out, text);
	return g_string_free(out, FALSE);
}

gboolean placeholder_is_blank(const char *text, const PlaceholderScope *scope)
{
	gboolean asked = FALSE;
	char number[16];
	Word word;

	while ((text = strchr(text, '{')) != NULL && (text = next_word(text + 1, &word)) != NULL) {
		asked = TRUE;
		if (*value_of(word.name, scope, number) != '\0')
			return FALSE;
	}
	return asked;
}

gboolean placeholder_holds(const char *word, const char *want, const PlaceholderScope *scope)
{
	char number[16];
	const char *value = value_of(word, scope, number);

	return *value != '\0' && (*want == '\0' || g_str_equal(value, want));
}

gboolean placeholder_has_column(const char *text)
{
	Word word;

	while ((text = strchr(text, '{')) != NULL && (text = next_word(text + 1, &word)) != NULL) {
		if (field_of_word(word.name) != _FIELD_MAX)
			return TRUE;
	}
	return FALSE;
}
