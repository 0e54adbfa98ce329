/* SPDX-License-Identifier: Apache-2.0
 * Small secret files. What is read is erased from memory with its last reference. */
#include "daemon/ca/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "pkcs11/failpoint.h"

typedef struct Wiped {
	gsize size;
	guint8 bytes[];
} Wiped;

const char *key_file_path(const char *uri, GError **error)
{
	const char *path = g_str_has_prefix(uri, "file:") ? uri + strlen("file:") : uri;

	if (!g_path_is_absolute(path)) {
		error_set(error, ERROR_USAGE, N_("“%s” is not file: and an absolute path"), uri);
		return NULL;
	}
	return path;
}

static gboolean sync_folder(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean is_synced = fd >= 0 && fsync(fd) == 0;
	int code = errno;

	if (fd >= 0)
		close(fd);
	return is_synced || error_set(error, ERROR_CA, N_("Cannot sync the folder %s: %s"), folder,
				      g_strerror(code));
}

static gboolean write_all(int fd, const guint8 *bytes, gsize length)
{
	while (length > 0) {
		ssize_t done = write(fd, bytes, length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return FALSE;
		bytes += done;
		length -= (gsize) done;
	}
	return fsync(fd) == 0;
}

/* The folder may be new itself: then its own name is durable only when its parent is synced. */
static gboolean sync_names(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);

	return sync_folder(path, error) && sync_folder(folder, error);
}

/* Everything but the folder's sync. */
static gboolean write_new(const char *path, const void *bytes, gsize length, GError **error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	gboolean is_written;
	int code;

	if (fd < 0 && errno == EEXIST)
		return error_set(error, ERROR_EXISTS, N_("%s is there already"), path);
	if (fd < 0)
		return error_set(error, ERROR_CA, N_("Cannot create %s: %s"), path,
				 strerrordesc_np(errno));
	is_written = write_all(fd, bytes, length);
	code = errno;
	if (close(fd) != 0 && is_written) {
		is_written = FALSE;
		code = errno;
	}
	if (!is_written) {
		unlink(path);
		return error_set(error, ERROR_CA, N_("Cannot write %s: %s"), path,
				 g_strerror(code));
	}
	return TRUE;
}

/* Whole under another name first, so that a crash never leaves half a key under this one. */
static gboolean put_in_place(const char *path, const void *bytes, gsize length, guint flags,
			     GError **error)
{
	g_autofree char *next = g_strconcat(path, ".new", NULL);
	int code;

	/* One that a crash left behind was never in use. */
	unlink(next);
	if (!write_new(next, bytes, length, error))
		return FALSE;
	FAILPOINT("key-file.written");
	if (renameat2(AT_FDCWD, next, AT_FDCWD, path, flags) == 0) {
		FAILPOINT("key-file.renamed");
		return sync_names(path, error);
	}
	code = errno;
	unlink(next);
	if (code == EEXIST)
		return error_set(error, ERROR_EXISTS, N_("%s is there already"), path);
	return error_set(error, ERROR_CA, N_("Cannot replace %s: %s"), path, g_strerror(code));
}

gboolean key_file_make_folder(const char *path, GError **error)
{
	if (g_mkdir_with_parents(path, 0700) != 0)
		return error_set(error, ERROR_STORE, N_("cannot use the folder %s: %s"), path,
				 strerrordesc_np(errno));
	return sync_folder(path, error);
}

gboolean key_file_create(const char *path, const void *bytes, gsize length, GError **error)
{
	return put_in_place(path, bytes, length, RENAME_NOREPLACE, error);
}

gboolean key_file_replace(const char *path, const void *bytes, gsize length, GError **error)
{
	return put_in_place(path, bytes, length, 0, error);
}

/* systemd hands a credential over as root's file with an access list, which shows as group bits. */
static gboolean is_private(const struct stat *status)
{
	mode_t others = status->st_mode & (S_IRWXG | S_IRWXO);

	if (status->st_uid == 0 && status->st_gid == 0 && geteuid() != 0)
		others &= (mode_t) ~S_IRGRP;
	return others == 0 && (status->st_uid == geteuid() || status->st_uid == 0);
}

static gboolean check_file(int fd, const char *path, GError **error)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return error_set(error, ERROR_CA, N_("Cannot read %s: %s"), path,
				 strerrordesc_np(errno));
	if (!S_ISREG(status.st_mode) || status.st_size == 0 || status.st_size > KEY_FILE_MAX)
		return error_set(error, ERROR_CA, N_("%s is not a key file"), path);
	if (!is_private(&status))
		return error_set(
			error, ERROR_CA,
			N_("Others may read %s: make it mode 0600 and its owner this user"), path);
	return TRUE;
}

static void wiped_free(gpointer data)
{
	Wiped *wiped = data;

	OPENSSL_cleanse(wiped->bytes, wiped->size);
	g_free(wiped);
}

static GBytes *read_wiped(int fd, const char *path, GError **error)
{
	Wiped *wiped = g_malloc(sizeof *wiped + KEY_FILE_MAX);
	gsize length = 0;
	ssize_t done = 1;

	wiped->size = KEY_FILE_MAX;
	while (done > 0 && length < KEY_FILE_MAX) {
		done = read(fd, wiped->bytes + length, KEY_FILE_MAX - length);
		if (done < 0 && errno == EINTR)
			done = 1;
		else if (done > 0)
			length += (gsize) done;
	}
	if (done < 0) {
		error_set(error, ERROR_CA, N_("Cannot read %s: %s"), path, strerrordesc_np(errno));
		wiped_free(wiped);
		return NULL;
	}
	return g_bytes_new_with_free_func(wiped->bytes, length, wiped_free, wiped);
}

GBytes *key_file_read(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	GBytes *bytes = NULL;

	if (fd < 0) {
		error_set(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_CA,
			  N_("Cannot open %s: %s"), path, strerrordesc_np(errno));
		return NULL;
	}
	if (check_file(fd, path, error))
		bytes = read_wiped(fd, path, error);
	close(fd);
	return bytes;
}

Secret *key_file_read_secret(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	Secret *secret = NULL;

	if (fd < 0) {
		error_set(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_CA,
			  N_("Cannot open %s: %s"), path, strerrordesc_np(errno));
		return NULL;
	}
	if (check_file(fd, path, error)) {
		secret = secret_read_fd(fd, SECRET_MAX);
		if (secret == NULL)
			error_set(error, ERROR_CA, N_("Cannot read %s: %s"), path,
				  strerrordesc_np(errno));
	}
	close(fd);
	return secret;
}
