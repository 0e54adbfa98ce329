/* SPDX-License-Identifier: Apache-2.0
 * Edit distance over characters, not bytes: 髙 for 高 is one mistake. */
#include "forms/nearest.h"

#include "forms/form_error.h"

#define LONGEST_WORD 32

static guint distance(const gunichar *a, glong n_a, const gunichar *b, glong n_b)
{
	guint row[LONGEST_WORD + 1];

	for (glong j = 0; j <= n_b; j++)
		row[j] = (guint) j;
	for (glong i = 1; i <= n_a; i++) {
		guint diagonal = row[0];

		row[0] = (guint) i;
		for (glong j = 1; j <= n_b; j++) {
			guint replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);

			diagonal = row[j];
			row[j] = MIN(replaced, MIN(row[j], row[j - 1]) + 1);
		}
	}
	return row[n_b];
}

const char *nearest_word(const char *word, const char *const *words)
{
	glong n_word = 0, n_known = 0;
	g_autofree gunichar *chars = g_utf8_to_ucs4_fast(word, -1, &n_word);
	const char *best = NULL;
	guint least = G_MAXUINT;

	if (n_word > LONGEST_WORD)
		return NULL;
	for (; *words != NULL; words++) {
		g_autofree gunichar *known = g_utf8_to_ucs4_fast(*words, -1, &n_known);
		guint d;

		if (n_known > LONGEST_WORD)
			continue;
		d = distance(chars, n_word, known, n_known);
		if (d < least && d * 2 <= (guint) MAX(n_word, n_known)) {
			least = d;
			best = *words;
		}
	}
	return best;
}

gboolean nearest_refuse(GError **error, const char *word, const char *near)
{
	if (near == NULL)
		return form_error_set(error, FORM_ERROR_INPUT, "知らない項目「%s」",
				      "unknown key \"%s\"", word);
	return form_error_set(error, FORM_ERROR_INPUT, "知らない項目「%s」（「%s」のことですか）",
			      "unknown key \"%s\" (did you mean \"%s\"?)", word, near);
}
