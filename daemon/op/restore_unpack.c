/* SPDX-License-Identifier: Apache-2.0
 * The seal is checked at its end, so the archive is opened whole before a byte of it is looked at;
 * then every file must be one that the manifest names. */
#include "daemon/op/restore_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/ca/envelope.h"
#include "daemon/op/backup_part.h"
#include "daemon/op/tar.h"
#include "pkcs11/failpoint.h"

#define MANIFEST_MAX (1024 * 1024)
#define CHUNK        65536

static gboolean fail_file(const char *path, GError **error)
{
	return error_set(error, ERROR_STORE, N_("cannot write %s: %s"), path,
			 strerrordesc_np(errno));
}

static gboolean open_seal(const RestoreRun *run, int archive, GError **error)
{
	BIO *from = BIO_new_fd(run->file, BIO_NOCLOSE);
	BIO *key = BIO_new_fd(run->key, BIO_NOCLOSE);
	BIO *to = BIO_new_fd(archive, BIO_NOCLOSE);
	gboolean is_open = envelope_open(from, key, to, error);

	BIO_free(from);
	BIO_free(key);
	BIO_free(to);
	return is_open;
}

static gboolean read_all(int fd, void *into, gsize length, GError **error)
{
	guint8 *at = into;

	while (length > 0) {
		gssize n = read(fd, at, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set(error, ERROR_USAGE, N_("the backup ends too early"));
		at += n;
		length -= (gsize) n;
	}
	return TRUE;
}

static gboolean skip_gap(int fd, guint64 size, GError **error)
{
	guint8 rest[TAR_BLOCK];

	return read_all(fd, rest, tar_gap(size), error);
}

static gboolean write_all(int fd, const guint8 *bytes, gsize length)
{
	while (length > 0) {
		gssize n = write(fd, bytes, length);

		if (n < 0 && errno != EINTR)
			return FALSE;
		bytes += MAX(n, 0);
		length -= (gsize) MAX(n, 0);
	}
	return TRUE;
}

static gboolean pour(int from, int to, guint64 left, const char *path, GError **error)
{
	guint8 chunk[CHUNK];

	while (left > 0) {
		gsize n = (gsize) MIN(left, sizeof(chunk));

		if (!read_all(from, chunk, n, error))
			return FALSE;
		if (!write_all(to, chunk, n))
			return fail_file(path, error);
		left -= n;
	}
	return fsync(to) == 0 || fail_file(path, error);
}

static gboolean unpack_file(const RestoreRun *run, int archive, const TarEntry *entry,
			    GError **error)
{
	g_autofree char *path = g_build_filename(run->work, entry->name, NULL);
	g_autofree char *folder = g_path_get_dirname(path);
	gboolean is_done;
	int fd;

	if (g_mkdir_with_parents(folder, 0700) != 0)
		return fail_file(folder, error);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fail_file(path, error);
	is_done = pour(archive, fd, entry->size, path, error) &&
		  skip_gap(archive, entry->size, error);
	close(fd);
	return is_done;
}

static gboolean read_manifest(RestoreRun *run, int archive, const TarEntry *entry, GError **error)
{
	g_autofree char *text = NULL;

	if (!g_str_equal(entry->name, BACKUP_PART_MANIFEST) || entry->size > MANIFEST_MAX)
		return error_set(error, ERROR_USAGE,
				 N_("the backup holds something that opcard did not write"));
	text = g_malloc0(entry->size + 1);
	if (!read_all(archive, text, entry->size, error) || !skip_gap(archive, entry->size, error))
		return FALSE;
	run->manifest = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (g_strcmp0(json_string_value(json_object_get(run->manifest, "format")),
		      BACKUP_PART_FORMAT) == 0)
		return TRUE;
	return error_set(error, ERROR_USAGE,
			 N_("the backup has another format than %s: install the version of opcard "
			    "that made it"),
			 BACKUP_PART_FORMAT);
}

static const json_t *find_file(const RestoreRun *run, const char *name)
{
	json_t *file;
	size_t i;

	json_array_foreach(json_object_get(run->manifest, "files"), i, file)
	{
		if (g_strcmp0(json_string_value(json_object_get(file, "name")), name) == 0)
			return file;
	}
	return NULL;
}

static gboolean check_file(const RestoreRun *run, const json_t *file, GError **error)
{
	const char *name = json_string_value(json_object_get(file, "name"));
	const char *wanted = json_string_value(json_object_get(file, "sha256"));
	g_autofree char *path = g_build_filename(run->work, name, NULL);
	g_autofree char *digest = backup_part_digest(path, error);

	if (digest == NULL)
		return FALSE;
	return g_strcmp0(digest, wanted) == 0 ||
	       error_set(error, ERROR_STORE,
			 N_("%s in the backup is not what its manifest says; use another backup"),
			 name);
}

static gboolean check_files(const RestoreRun *run, GError **error)
{
	json_t *files = json_object_get(run->manifest, "files");
	json_t *file;
	size_t i;

	if (json_array_size(files) == 0 || find_file(run, BACKUP_PART_DATABASE) == NULL)
		return error_set(error, ERROR_USAGE, N_("there is no database in the backup"));
	json_array_foreach(files, i, file)
	{
		if (json_string_value(json_object_get(file, "name")) == NULL ||
		    !check_file(run, file, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean unpack(RestoreRun *run, int archive, GError **error)
{
	gboolean is_end = FALSE;

	while (!is_end) {
		guint8 block[TAR_BLOCK];
		TarEntry entry = { .name = "" };

		if (!read_all(archive, block, sizeof(block), error) ||
		    !tar_read_head(block, &entry, &is_end, error))
			return FALSE;
		if (is_end)
			break;
		if (run->manifest == NULL && !read_manifest(run, archive, &entry, error))
			return FALSE;
		if (g_str_equal(entry.name, BACKUP_PART_MANIFEST))
			continue;
		if (find_file(run, entry.name) == NULL)
			return error_set(
				error, ERROR_USAGE,
				N_("the backup holds something that opcard did not write"));
		if (!unpack_file(run, archive, &entry, error))
			return FALSE;
	}
	return check_files(run, error);
}

gboolean restore_unpack(RestoreRun *run, GError **error)
{
	g_autofree char *path = g_build_filename(run->work, "archive", NULL);
	int archive = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	gboolean is_done;

	if (archive < 0)
		return fail_file(path, error);
	is_done = open_seal(run, archive, error);
	FAILPOINT("restore.opened");
	if (is_done && lseek(archive, 0, SEEK_SET) != 0)
		is_done = fail_file(path, error);
	is_done = is_done && unpack(run, archive, error);
	close(archive);
	(void) g_unlink(path);
	FAILPOINT("restore.unpacked");
	return is_done;
}
