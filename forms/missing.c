/* SPDX-License-Identifier: Apache-2.0
 * A form is measured before it is drawn, so that everything comes here twice; the line itself is
 * the key that keeps it once. */
#include "forms/missing.h"

struct Missing {
	const char *table, *label;
	guint row;
	GPtrArray *lines;
	GHashTable *seen; /* the same lines */
};

Missing *missing_new(void)
{
	Missing *missing = g_new0(Missing, 1);

	missing->table = "";
	missing->label = "";
	missing->lines = g_ptr_array_new_with_free_func(g_free);
	missing->seen = g_hash_table_new(g_str_hash, g_str_equal);
	return missing;
}

void missing_free(Missing *missing)
{
	if (missing == NULL)
		return;
	g_hash_table_unref(missing->seen);
	g_ptr_array_unref(missing->lines);
	g_free(missing);
}

void missing_place(Missing *missing, const char *table, guint row, const char *label)
{
	missing->table = table;
	missing->row = row;
	missing->label = label;
}

void missing_add(Missing *missing, gunichar base, gunichar selector)
{
	g_autoptr(GString) line = g_string_new(missing->table);
	char *text;

	if (line->len > 0)
		g_string_append(line, "　");
	if (missing->row > 0)
		g_string_append_printf(line, "%u行目　", missing->row);
	for (const char *c = missing->label; *c != '\0'; c++)
		g_string_append_c(line, *c == '\n' ? ' ' : *c);
	g_string_append_printf(line, "%sU+%04X", *missing->label == '\0' ? "" : "　", base);
	if (selector != 0)
		g_string_append_printf(line, " U+%04X", selector);
	if (g_hash_table_contains(missing->seen, line->str))
		return;
	text = g_strdup(line->str);
	g_ptr_array_add(missing->lines, text);
	g_hash_table_add(missing->seen, text);
}

guint missing_count(const Missing *missing)
{
	return missing->lines->len;
}

const char *missing_line(const Missing *missing, guint i)
{
	return g_ptr_array_index(missing->lines, i);
}
