/* SPDX-License-Identifier: Apache-2.0
 * Reads INI files into lines that remember where they stand. */
#include "daemon/base/config_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/error.h"

static void free_line(gpointer data)
{
	ConfigLine *line = data;

	g_free(line->section);
	g_free(line->key);
	g_free(line->value);
	g_free(line->file);
	g_free(line);
}

static gboolean is_twice(const GPtrArray *lines, guint first, const ConfigLine *line)
{
	for (guint i = first; i < lines->len; i++) {
		const ConfigLine *other = lines->pdata[i];

		if (strcmp(other->section, line->section) == 0 &&
		    strcmp(other->key, line->key) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean take_pair(GPtrArray *lines, guint first, ConfigLine *line, char *text,
			  GError **error)
{
	char *equals = strchr(text, '=');

	if (equals == NULL || line->section == NULL) {
		error_set(error, ERROR_USAGE,
			  N_("%s:%d: expected \"key = value\" below a [section]"), line->file,
			  line->line);
		free_line(line);
		return FALSE;
	}
	*equals = '\0';
	line->key = g_strdup(g_strstrip(text));
	line->value = g_strdup(g_strstrip(equals + 1));
	if (is_twice(lines, first, line)) {
		error_set(error, ERROR_USAGE, N_("%s:%d: %s is given twice in this file"),
			  line->file, line->line, line->key);
		free_line(line);
		return FALSE;
	}
	g_ptr_array_add(lines, line);
	return TRUE;
}

static gboolean read_one(GPtrArray *lines, const char *path, GError **error)
{
	g_autofree char *text = NULL;
	g_autofree char *section = NULL;
	guint first = lines->len;
	gsize length;

	if (access(path, R_OK) != 0 || !g_file_get_contents(path, &text, &length, NULL))
		return error_set(error, ERROR_USAGE, N_("cannot read the configuration %s: %s"),
				 path, strerrordesc_np(errno));
	if (!g_utf8_validate(text, (gssize) length, NULL))
		return error_set(error, ERROR_USAGE, N_("%s: is not UTF-8 text"), path);
	g_auto(GStrv) rows =
		g_strsplit(g_str_has_prefix(text, "\xEF\xBB\xBF") ? text + 3 : text, "\n", -1);

	for (int i = 0; rows[i] != NULL; i++) {
		char *row = g_strstrip(rows[i]);
		ConfigLine *line;

		if (*row == '\0' || *row == '#' || *row == ';')
			continue;
		if (*row == '[') {
			if (!g_str_has_suffix(row, "]"))
				return error_set(error, ERROR_USAGE, N_("%s:%d: \"]\" is missing"),
						 path, i + 1);
			g_free(section);
			section = g_strndup(row + 1, strlen(row) - 2);
			continue;
		}
		line = g_new0(ConfigLine, 1);
		line->section = g_strdup(section);
		line->file = g_strdup(path);
		line->line = i + 1;
		if (!take_pair(lines, first, line, row, error))
			return FALSE;
	}
	return TRUE;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

GPtrArray *config_file_read(const char *path, GError **error)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(free_line);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *folder = g_strconcat(path, ".d", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(name, ".conf"))
			g_ptr_array_add(names, g_build_filename(folder, name, NULL));
	g_ptr_array_sort(names, compare_names);
	if (!read_one(lines, path, error))
		return NULL;
	for (guint i = 0; i < names->len; i++)
		if (!read_one(lines, names->pdata[i], error))
			return NULL;
	return g_steal_pointer(&lines);
}
