/* SPDX-License-Identifier: Apache-2.0
 * tar inside CMS, the manifest first. A file that changes while it is read would no longer have the
 * digest of the manifest, so its length is kept to. */
#include "daemon/op/backup_seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/ca/envelope.h"
#include "daemon/op/backup_part.h"
#include "daemon/op/tar.h"
#include "pkcs11/failpoint.h"

#define CHUNK 65536

static gboolean put_head(Envelope *to, const char *name, guint64 size, gint64 modified,
			 GError **error)
{
	TarEntry entry = { .size = size, .modified = modified };
	guint8 block[TAR_BLOCK];

	g_strlcpy(entry.name, name, sizeof(entry.name));
	return tar_head(&entry, block, error) && envelope_write(to, block, sizeof(block), error);
}

static gboolean put_gap(Envelope *to, guint64 size, GError **error)
{
	static const guint8 zeros[TAR_BLOCK] = { 0 };

	return envelope_write(to, zeros, tar_gap(size), error);
}

static gboolean put_bytes(Envelope *to, const char *name, GBytes *bytes, gint64 now, GError **error)
{
	gsize length;
	const void *data = g_bytes_get_data(bytes, &length);

	return put_head(to, name, length, now, error) && envelope_write(to, data, length, error) &&
	       put_gap(to, length, error);
}

static gboolean pour(Envelope *to, int fd, const BackupPart *part, GError **error)
{
	guint8 chunk[CHUNK];
	guint64 left = part->size;

	while (left > 0) {
		gssize n = read(fd, chunk, MIN(left, sizeof(chunk)));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set(error, ERROR_STORE, N_("%s cannot be read: %s"),
					 part->source, strerrordesc_np(n < 0 ? errno : ENODATA));
		if (!envelope_write(to, chunk, (gsize) n, error))
			return FALSE;
		left -= (guint64) n;
	}
	return TRUE;
}

static gboolean put_part(Envelope *to, const BackupPart *part, GError **error)
{
	int fd = open(part->source, O_RDONLY | O_CLOEXEC);
	gboolean is_done = fd >= 0 ? put_head(to, part->name, part->size, part->modified, error) &&
					     pour(to, fd, part, error) &&
					     put_gap(to, part->size, error)
				   : error_set(error, ERROR_STORE, N_("%s cannot be read: %s"),
					       part->source, strerrordesc_np(errno));

	if (fd >= 0)
		close(fd);
	return is_done;
}

static gboolean put_all(const BackupSeal *seal, Envelope *to, GError **error)
{
	static const guint8 end[2 * TAR_BLOCK] = { 0 };

	if (!put_bytes(to, BACKUP_PART_MANIFEST, seal->manifest, seal->now, error))
		return FALSE;
	for (guint i = 0; i < seal->parts->len; i++)
		if (!put_part(to, seal->parts->pdata[i], error))
			return FALSE;
	return envelope_write(to, end, sizeof(end), error) && envelope_finish(to, error);
}

static gboolean write_sealed(const BackupSeal *seal, int fd, GError **error)
{
	BIO *out = BIO_new_fd(fd, BIO_NOCLOSE);
	Envelope *envelope = out != NULL ? envelope_seal(seal->recipient, out, error) : NULL;
	gboolean is_done = envelope != NULL && put_all(seal, envelope, error);

	envelope_free(envelope);
	BIO_free(out);
	if (FAILPOINT("backup.sealed") != 0)
		return error_set(error, ERROR_STORE, "injected failure of a backup");
	return is_done;
}

static gboolean sync_folder_of(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean is_done = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return is_done;
}

gboolean backup_seal(const BackupSeal *seal, GError **error)
{
	g_autofree char *temporary = g_strconcat(seal->path, ".new", NULL);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	gboolean is_written;

	if (fd < 0)
		return error_set(error, ERROR_STORE, N_("cannot write %s: %s"), temporary,
				 strerrordesc_np(errno));
	is_written = write_sealed(seal, fd, error);
	if (is_written && fsync(fd) != 0)
		is_written = error_set(error, ERROR_STORE, N_("cannot write %s: %s"), temporary,
				       strerrordesc_np(errno));
	close(fd);
	FAILPOINT("backup.before-rename");
	if (is_written && (rename(temporary, seal->path) != 0 || !sync_folder_of(seal->path)))
		is_written = error_set(error, ERROR_STORE, N_("cannot write %s: %s"), seal->path,
				       strerrordesc_np(errno));
	FAILPOINT("backup.after-rename");
	if (!is_written)
		(void) unlink(temporary);
	return is_written;
}
