/* SPDX-License-Identifier: Apache-2.0
 * All work is done in a folder inside the state folder; what is examined is renamed out of it, the
 * database last of all. Cut off anywhere, it is begun again; a daemon does not start meanwhile. */
#include "daemon/op/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <libintl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/op/backup_part.h"
#include "daemon/op/restore_examine.h"
#include "daemon/op/restore_unpack.h"
#include "pkcs11/failpoint.h"

void restore_tell(const RestoreRun *run, const char *format, ...)
{
	g_autofree char *en = NULL;
	g_autofree char *ja = NULL;
	va_list args;

	va_start(args, format);
	en = g_strdup_vprintf(format, args);
	va_end(args);
	va_start(args, format);
	ja = g_strdup_vprintf(gettext(format), args);
	va_end(args);
	run->request->tell(run->request->data, en, ja);
}

static gboolean fail(const char *path, GError **error)
{
	return error_set(error, ERROR_STORE, N_("cannot use the folder %s: %s"), path,
			 strerrordesc_np(errno));
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) files = g_dir_open(path, 0, NULL);
	const char *name;

	while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
		g_autofree char *inside = g_build_filename(path, name, NULL);

		if (g_file_test(inside, G_FILE_TEST_IS_SYMLINK) ||
		    !g_file_test(inside, G_FILE_TEST_IS_DIR))
			(void) g_unlink(inside);
		else
			remove_tree(inside);
	}
	(void) g_rmdir(path);
}

gboolean restore_check_finished(const char *folder, GError **error)
{
	g_autofree char *work = g_build_filename(folder, RESTORE_UNPACK_FOLDER, NULL);

	return !g_file_test(work, G_FILE_TEST_EXISTS) ||
	       error_set(
		       error, ERROR_STATE,
		       N_("a restore into %s was cut off: run the same `opcardd --restore` again"),
		       folder);
}

/* Empty, or what a restore that was cut off has put there. */
static gboolean check_empty(const char *state, GError **error)
{
	static const char *const always[] = { "lock", "lost+found", RESTORE_UNPACK_FOLDER, NULL };
	static const char *const begun[] = { "ca", "generation", BACKUP_PART_DATABASE, NULL };
	g_autofree char *work = g_build_filename(state, RESTORE_UNPACK_FOLDER, NULL);
	gboolean is_begun = g_file_test(work, G_FILE_TEST_IS_DIR);
	g_autoptr(GDir) files = g_dir_open(state, 0, NULL);
	const char *name;

	while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
		if (g_strv_contains(always, name) || (is_begun && g_strv_contains(begun, name)))
			continue;
		return error_set(
			error, ERROR_EXISTS,
			N_("%s is not empty (%s); a restore never overwrites: stop opcardd "
			   "and move the folder away (mv %s %s.old), then restore"),
			state, name, state, state);
	}
	return TRUE;
}

/* Run by root the files shall still belong to the daemon's account. */
static gboolean become_owner(const char *state, GError **error)
{
	struct stat facts;

	if (stat(state, &facts) != 0)
		return fail(state, error);
	if (geteuid() != 0 || facts.st_uid == 0)
		return TRUE;
	return (setgroups(0, NULL) == 0 && setgid(facts.st_gid) == 0 &&
		setuid(facts.st_uid) == 0) ||
	       fail(state, error);
}

static gboolean prepare(RestoreRun *run, GError **error)
{
	const char *state = config_text(run->request->config, CONFIG_STATE_DIR);

	if (run->request->is_dry_run) {
		run->work = g_dir_make_tmp("opcard-restore-XXXXXX", NULL);
		return run->work != NULL || fail(g_get_tmp_dir(), error);
	}
	if (g_mkdir_with_parents(state, 0700) != 0)
		return fail(state, error);
	if (!become_owner(state, error) || !check_empty(state, error))
		return FALSE;
	run->work = g_build_filename(state, RESTORE_UNPACK_FOLDER, NULL);
	remove_tree(run->work);
	return g_mkdir(run->work, 0700) == 0 || fail(run->work, error);
}

static gboolean open_files(RestoreRun *run, GError **error)
{
	run->file = open(run->request->file, O_RDONLY | O_CLOEXEC);
	if (run->file < 0)
		return error_set(error, ERROR_USAGE, N_("%s cannot be read: %s"),
				 run->request->file, strerrordesc_np(errno));
	run->key = open(run->request->key, O_RDONLY | O_CLOEXEC);
	return run->key >= 0 || error_set(error, ERROR_USAGE, N_("%s cannot be read: %s"),
					  run->request->key, strerrordesc_np(errno));
}

static gboolean sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean is_done = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return is_done;
}

static gboolean rename_synced(const char *from, const char *to, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(to);

	return (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 &&
		sync_folder(folder)) ||
	       error_set(error, ERROR_STORE, N_("cannot put %s in its place: %s"), to,
			 strerrordesc_np(errno));
}

/* A key that was kept elsewhere goes back there, unless it is there. */
static gboolean place_distant(const RestoreRun *run, const json_t *file, GError **error)
{
	const char *path = json_string_value(json_object_get(file, "path"));
	const char *name = json_string_value(json_object_get(file, "name"));
	g_autofree char *from = g_build_filename(run->work, name, NULL);
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *wanted =
		g_file_test(path, G_FILE_TEST_EXISTS) ? backup_part_digest(path, error) : NULL;
	const char *digest = json_string_value(json_object_get(file, "sha256"));

	if (wanted != NULL)
		return g_strcmp0(wanted, digest) == 0 ||
		       error_set(error, ERROR_EXISTS,
				 N_("%s is there already and is another file than the backup's"),
				 path);
	if (g_mkdir_with_parents(folder, 0700) != 0)
		return fail(folder, error);
	return rename_synced(from, path, error);
}

static gboolean replace_folder(const RestoreRun *run, const char *state, const char *name,
			       GError **error)
{
	g_autofree char *from = g_build_filename(run->work, name, NULL);
	g_autofree char *to = g_build_filename(state, name, NULL);

	if (!g_file_test(from, G_FILE_TEST_EXISTS))
		return TRUE;
	/* Of an earlier attempt; check_empty() has seen that nothing else can be there. */
	if (g_file_test(to, G_FILE_TEST_IS_DIR))
		remove_tree(to);
	else
		(void) g_unlink(to);
	return rename_synced(from, to, error);
}

static gboolean place_all(RestoreRun *run, GError **error)
{
	const char *state = config_text(run->request->config, CONFIG_STATE_DIR);
	g_autofree char *log = g_build_filename(run->work, BACKUP_PART_DATABASE "-wal", NULL);
	json_t *file;
	size_t i;

	if (g_file_test(log, G_FILE_TEST_EXISTS))
		return error_set(error, ERROR_STORE, N_("the restored database cannot be closed"));
	run->is_placing = TRUE;
	FAILPOINT("restore.examined");
	json_array_foreach(json_object_get(run->manifest, "files"), i, file)
	{
		const char *path = json_string_value(json_object_get(file, "path"));

		if (path != NULL && g_path_is_absolute(path) && !place_distant(run, file, error))
			return FALSE;
	}
	if (!replace_folder(run, state, "ca", error) ||
	    !replace_folder(run, state, "generation", error))
		return FALSE;
	FAILPOINT("restore.placing");
	if (!replace_folder(run, state, BACKUP_PART_DATABASE, error))
		return FALSE;
	FAILPOINT("restore.placed");
	remove_tree(run->work);
	return sync_folder(state) || fail(state, error);
}

static void tell_places(const RestoreRun *run)
{
	const char *state = config_text(run->request->config, CONFIG_STATE_DIR);
	json_t *file;
	size_t i;

	json_array_foreach(json_object_get(run->manifest, "files"), i, file)
	{
		const char *name = json_string_value(json_object_get(file, "name"));
		const char *path = json_string_value(json_object_get(file, "path"));
		g_autofree char *whole = path == NULL || g_path_is_absolute(path)
						 ? g_strdup(path)
						 : g_build_filename(state, path, NULL);

		restore_tell(run, N_("%s would be put to %s"), name, whole);
	}
}

static gboolean restore(RestoreRun *run, GError **error)
{
	if (!open_files(run, error) || !prepare(run, error) || !restore_unpack(run, error))
		return FALSE;
	restore_tell(run,
		     N_("the backup of %s (opcard %s) was opened; every file is as its "
			"manifest says"),
		     json_string_value(json_object_get(run->manifest, "madeAt")),
		     json_string_value(json_object_get(run->manifest, "version")));
	if (!restore_examine(run, error))
		return FALSE;
	if (run->request->is_dry_run) {
		tell_places(run);
		restore_tell(run, N_("dry run: nothing was put anywhere"));
		return TRUE;
	}
	if (!place_all(run, error))
		return FALSE;
	restore_tell(run, N_("restored into %s"),
		     config_text(run->request->config, CONFIG_STATE_DIR));
	return TRUE;
}

gboolean restore_run(const RestoreRequest *request, gboolean *ret_is_behind, GError **error)
{
	RestoreRun run = { .request = request, .file = -1, .key = -1 };
	gboolean is_done = restore(&run, error);

	/* What was unpacked holds keys. */
	if (run.work != NULL && !run.is_placing)
		remove_tree(run.work);
	if (run.file >= 0)
		close(run.file);
	if (run.key >= 0)
		close(run.key);
	json_decref(run.manifest);
	g_free(run.work);
	*ret_is_behind = run.is_behind;
	return is_done;
}
