/* SPDX-License-Identifier: Apache-2.0
 * Runs opcard-form and reads its JSON. */
#include "daemon/ctl/ctl_book.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "daemon/ctl/ctl.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"

#define PROGRAM "opcard-form"
#define BAD_MAX 1000 /* enough to be refused */

gboolean ctl_book_is(const char *file)
{
	static const char *const beginnings[] = { "PK\x03\x04", "\xD0\xCF\x11\xE0" };
	/* From a pipe a byte can be read only once. */
	FILE *stream = g_file_test(file, G_FILE_TEST_IS_REGULAR) ? fopen(file, "re") : NULL;
	char begin[4] = "";
	size_t n = stream != NULL ? fread(begin, 1, sizeof begin, stream) : 0;

	if (stream != NULL)
		(void) fclose(stream);
	for (gsize i = 0; n == sizeof begin && i < G_N_ELEMENTS(beginnings); i++)
		if (memcmp(begin, beginnings[i], sizeof begin) == 0)
			return TRUE;
	return FALSE;
}

/* Beside opcardctl in a build folder, else where it is installed. */
static char *find_program(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : g_strdup(".");
	g_autofree char *beside = g_build_filename(folder, PROGRAM, NULL);

	return g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE)
		       ? g_steal_pointer(&beside)
		       : g_build_filename(OPCARD_LIBEXECDIR, PROGRAM, NULL);
}

static gboolean refuse(const char *file, const char *text, GError **error)
{
	g_autofree char *said = g_strstrip(g_strdup(text));
	const char *words =
		g_str_has_prefix(said, PROGRAM ": ") ? said + strlen(PROGRAM ": ") : said;

	return ctl_problem_set(error, CTL_PROBLEM_USAGE,
			       N_("%s cannot be taken; nothing was imported. %s"), file, words);
}

/* The JSON text, or NULL with a problem. */
static char *run(const char *file, GError **error)
{
	g_autofree char *program = find_program();
	g_autofree char *path = g_canonicalize_filename(file, NULL);
	char *argv[] = { program, (char *) "read", path, NULL };
	char *envp[] = { (char *) "PATH=/usr/bin:/bin", (char *) "LC_ALL=C.UTF-8", NULL };
	g_autoptr(GError) failure = NULL;
	g_autofree char *json = NULL;
	g_autofree char *text = NULL;
	int status = 0;

	if (!g_spawn_sync(NULL, argv, envp, G_SPAWN_DEFAULT, NULL, NULL, &json, &text, &status,
			  &failure))
		(void) ctl_problem_set(error, CTL_PROBLEM_FAILED, N_("%s cannot be started: %s"),
				       program, failure->message);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return g_steal_pointer(&json);
	else if (WIFEXITED(status))
		(void) refuse(file, text, error);
	else
		(void) ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("%s: the program that reads workbooks was stopped by "
					  "signal %d; nothing was imported. Save the file as CSV."),
				       file, WTERMSIG(status));
	return NULL;
}

static void take_cell(CtlCsv *csv, const CtlCsvRow *row, const json_t *cell)
{
	const char *text = json_string_value(cell);
	const char *bad = json_string_value(json_object_get(cell, "bad"));
	CtlCsvBad one = { row->line, row->fields->len, g_strcmp0(bad, "formula") == 0 };

	if (bad != NULL && csv->bad->len < BAD_MAX)
		g_array_append_val(csv->bad, one);
	g_ptr_array_add(row->fields, ctl_csv_strip(text != NULL ? text : ""));
}

static CtlCsv *take_rows(const json_t *root)
{
	CtlCsv *csv = ctl_csv_new();
	json_t *row, *cell;
	size_t i, n;

	json_array_foreach(json_object_get(root, "rows"), i, row)
	{
		CtlCsvRow *taken =
			ctl_csv_add(csv, (guint) json_integer_value(json_object_get(row, "line")));

		json_array_foreach(json_object_get(row, "cells"), n, cell)
			take_cell(csv, taken, cell);
	}
	return csv;
}

CtlCsv *ctl_book_read(const char *file, GError **error)
{
	g_autofree char *text = run(file, error);
	g_autoptr(json_t) root = text != NULL ? json_loads(text, 0, NULL) : NULL;
	g_autoptr(CtlCsv) csv = NULL;

	if (text != NULL && root == NULL)
		(void) refuse(file, "JSON", error);
	if (root == NULL)
		return NULL;
	csv = take_rows(root);
	if (csv->rows->len > 0)
		return g_steal_pointer(&csv);
	(void) ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("%s: the file is empty."), file);
	return NULL;
}
