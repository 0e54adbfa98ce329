/* SPDX-License-Identifier: Apache-2.0
 * One temporary folder a test. */
#include "tests/unit/unit_folder.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

char *unit_folder_new(void)
{
	char *folder = g_dir_make_tmp("opcard-unit-XXXXXX", NULL);

	g_assert_nonnull(folder);
	return folder;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *walk)
{
	(void) facts, (void) kind, (void) walk;
	return remove(path);
}

void unit_folder_remove(char *folder)
{
	if (folder != NULL)
		(void) nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	g_free(folder);
}

char *unit_folder_write(const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
	return g_steal_pointer(&path);
}

void unit_folder_golden(const char *golden, const char *actual)
{
	g_autofree char *expected = NULL;
	g_autofree char *folder = NULL;
	g_autofree char *path = NULL;
	g_autofree char *shown = NULL;
	const char *argv[] = { "diff", "-u", golden, NULL, NULL };

	g_file_get_contents(golden, &expected, NULL, NULL);
	if (g_strcmp0(expected, actual) == 0)
		return;
	folder = unit_folder_new();
	path = unit_folder_write(folder, "actual", actual);
	argv[3] = path;
	g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &shown, NULL,
		     NULL, NULL);
	unit_folder_remove(g_steal_pointer(&folder));
	g_test_message("%s is not what it was:\n%s", golden, shown);
	g_test_fail();
}
