/* SPDX-License-Identifier: Apache-2.0
 * The reference and the tables of the program name the same words: what one has and the other has
 * not is a violation either way. */
#include <string.h>

#include "forms/field.h"
#include "forms/form_body.h"
#include "forms/form_column.h"
#include "forms/form_key.h"
#include "forms/placeholder.h"

static char *reference;

/* Every `word` of the tables' first columns (or of all columns) between a heading and the next. */
static GHashTable *words_below(const char *heading, gboolean all_columns)
{
	GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *at = strstr(reference, heading);
	g_auto(GStrv) lines = NULL;

	g_assert_nonnull(at);
	lines = g_strsplit(strchr(at, '\n') + 1, "\n", -1);
	for (guint i = 0; lines[i] != NULL && lines[i][0] != '#'; i++) {
		g_auto(GStrv) ticks = g_strsplit(lines[i], "`", -1);

		if (lines[i][0] != '|')
			continue;
		for (guint j = 1;
		     ticks[j] != NULL && ticks[j + 1] != NULL && (j == 1 || all_columns); j += 2)
			g_hash_table_add(words, g_strdup(ticks[j]));
	}
	return words;
}

static void assert_same(const char *heading, gboolean all_columns, const char *const *const *lists)
{
	g_autoptr(GHashTable) words = words_below(heading, all_columns);
	guint n = 0;

	for (; *lists != NULL; lists++) {
		for (const char *const *word = *lists; *word != NULL; word++, n++) {
			g_test_message("%s: %s", heading, *word);
			g_assert_true(g_hash_table_contains(words, *word));
		}
	}
	g_assert_cmpuint(g_hash_table_size(words), ==, n);
	g_assert_cmpuint(n, >, 0);
}

static void test_keys(void)
{
	assert_same("## [様式] の項目", FALSE,
		    (const char *const *const[]){ form_key_words(), NULL });
}

static void test_columns(void)
{
	assert_same(
		"## [列] と [表 名前]", FALSE,
		(const char *const *const[]){ placeholder_styles(), form_column_words(), NULL });
}

static void test_lines(void)
{
	assert_same("## [本文]", FALSE, (const char *const *const[]){ form_body_words(), NULL });
	assert_same("## 数える項目", FALSE, (const char *const *const[]){ field_counted(), NULL });
}

static void test_data(void)
{
	assert_same("### 値の項目", TRUE, (const char *const *const[]){ field_values(), NULL });
	assert_same("### 列の項目", FALSE, (const char *const *const[]){ field_columns(), NULL });
	assert_same("### 列の項目", TRUE,
		    (const char *const *const[]){ field_columns(), field_columns_json(), NULL });
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(argc, ==, 2);
	g_assert_true(g_file_get_contents(argv[1], &reference, NULL, &error));
	g_test_add_func("/reference/keys", test_keys);
	g_test_add_func("/reference/columns", test_columns);
	g_test_add_func("/reference/lines", test_lines);
	g_test_add_func("/reference/data", test_data);
	return g_test_run();
}
