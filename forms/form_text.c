/* SPDX-License-Identifier: Apache-2.0
 * Encodings and line ends of form definitions. UTF-8 is tried first: CP932 text of more than a
 * few characters is practically never valid UTF-8. */
#include "forms/form_text.h"

#include <string.h>

#include "forms/form_error.h"

#define BOM "\xEF\xBB\xBF"

static guint line_at(const char *bytes, gsize offset)
{
	guint line = 1;

	for (gsize i = 0; i < offset; i++)
		line += bytes[i] == '\n';
	return line;
}

static char *decode(const char *name, const char *bytes, gsize length, GError **error)
{
	gsize good = 0;
	char *text;

	if (memchr(bytes, '\0', length) != NULL) {
		form_error_set(error, FORM_ERROR_INPUT, "%s: 文字のファイルではありません",
			       "%s: not a text file", name);
		return NULL;
	}
	if (length >= strlen(BOM) && memcmp(bytes, BOM, strlen(BOM)) == 0) {
		bytes += strlen(BOM);
		length -= strlen(BOM);
	}
	if (g_utf8_validate_len(bytes, length, NULL))
		return g_strndup(bytes, length);
	text = g_convert(bytes, (gssize) length, "UTF-8", "CP932", &good, NULL, NULL);
	if (text == NULL)
		form_error_set(error, FORM_ERROR_INPUT,
			       "%s:%u: UTF-8 でも Shift_JIS (CP932) でもない文字があります",
			       "%s:%u: neither UTF-8 nor Shift_JIS (CP932)", name,
			       line_at(bytes, MIN(good, length)));
	return text;
}

GStrv form_text_lines(const char *name, const char *bytes, gsize length, GError **error)
{
	g_autofree char *text = decode(name, bytes, length, error);
	GStrv lines;

	if (text == NULL)
		return NULL;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		if (g_str_has_suffix(lines[i], "\r"))
			lines[i][strlen(lines[i]) - 1] = '\0';
	}
	return lines;
}

static gboolean is_blank(gunichar c)
{
	return c == ' ' || c == '\t' || c == 0x3000;
}

char *form_text_trim(char *text)
{
	char *from = text, *end = text + strlen(text);

	while (is_blank(g_utf8_get_char(from)))
		from = g_utf8_next_char(from);
	while (end > from && is_blank(g_utf8_get_char(g_utf8_prev_char(end))))
		end = g_utf8_prev_char(end);
	*end = '\0';
	memmove(text, from, strlen(from) + 1);
	return text;
}

char *form_text_fold(const char *text)
{
	g_autofree char *folded = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
	GString *out = g_string_new(NULL);

	for (const char *p = folded; *p != '\0'; p = g_utf8_next_char(p)) {
		if (!is_blank(g_utf8_get_char(p)))
			g_string_append_unichar(out, g_utf8_get_char(p));
	}
	return g_string_free(out, FALSE);
}
