/* SPDX-License-Identifier: Apache-2.0
 * Names begin with the time, so their order is the order of their making. */
#include "daemon/op/backup_folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/op/backup.h"

#define BEGIN "opcard-"
#define END   ".backup"

char *backup_folder_path(const House *house)
{
	const char *folder = config_text(house->config, CONFIG_BACKUP_FOLDER);

	return *folder != '\0' ? g_strdup(folder)
			       : g_build_filename(config_text(house->config, CONFIG_STATE_DIR),
						  "backup", NULL);
}

char *backup_folder_copy(const House *house)
{
	return g_build_filename(config_text(house->config, CONFIG_STATE_DIR), "backup-copy.db",
				NULL);
}

gboolean backup_folder_open(const House *house, GError **error)
{
	g_autofree char *folder = backup_folder_path(house);

	if (g_file_test(folder, G_FILE_TEST_IS_DIR) || g_mkdir_with_parents(folder, 0700) == 0)
		return TRUE;
	return error_set(error, ERROR_STORE, N_("cannot use the folder %s: %s"), folder,
			 strerrordesc_np(errno));
}

gboolean backup_folder_is_name(const char *name)
{
	return g_str_has_prefix(name, BEGIN) && g_str_has_suffix(name, END) &&
	       strchr(name, '/') == NULL;
}

static gint compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Names with @end, oldest first. */
static GPtrArray *list(const char *folder, const char *end)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
	const char *name;

	while (files != NULL && (name = g_dir_read_name(files)) != NULL)
		if (g_str_has_prefix(name, BEGIN) && g_str_has_suffix(name, end))
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare);
	return names;
}

static void drop(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	(void) g_unlink(path);
}

void backup_folder_thin(const House *house)
{
	guint keep = (guint) config_number(house->config, CONFIG_BACKUP_KEEP);
	g_autofree char *folder = backup_folder_path(house);
	g_autoptr(GPtrArray) names = list(folder, END);

	for (guint i = 0; keep > 0 && i + keep < names->len; i++)
		drop(folder, names->pdata[i]);
}

gint64 backup_newest(const House *house)
{
	g_autofree char *folder = backup_folder_path(house);
	g_autoptr(GPtrArray) names = list(folder, END);
	g_autofree char *path = NULL;
	struct stat facts;

	if (names->len == 0)
		return 0;
	path = g_build_filename(folder, names->pdata[names->len - 1], NULL);
	return stat(path, &facts) == 0 ? facts.st_mtime : 0;
}

void backup_tidy(const House *house)
{
	static const char *const ends[] = { "", "-journal", "-wal", "-shm" };
	g_autofree char *copy = backup_folder_copy(house);
	g_autofree char *folder = backup_folder_path(house);
	g_autoptr(GPtrArray) names = list(folder, END ".new");

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *path = g_strconcat(copy, ends[i], NULL);

		(void) g_unlink(path);
	}
	for (guint i = 0; i < names->len; i++)
		drop(folder, names->pdata[i]);
}
