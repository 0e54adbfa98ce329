/* SPDX-License-Identifier: Apache-2.0
 * Files of the public folder. Their mode does not depend on the daemon's umask: they are for
 * everybody. */
#include "daemon/op/publish_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "pkcs11/failpoint.h"

gboolean publish_file_fail(const char *path, const char *why, GError **error)
{
	return error_set(error, ERROR_PARTLY,
			 N_("the change is in force and answered by OCSP, but the revocation "
			    "list could not be written to %s: %s"),
			 path, why);
}

static gboolean write_all(int fd, GBytes *list)
{
	gsize length;
	const char *data = g_bytes_get_data(list, &length);
	gboolean is_done = fd >= 0 && fchmod(fd, 0644) == 0;

	for (gsize written = 0; is_done && written < length;) {
		gssize n = write(fd, data + written, length - written);

		is_done = n > 0 || (n < 0 && errno == EINTR);
		written += n > 0 ? (gsize) n : 0;
	}
	return is_done;
}

static int create(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

gboolean publish_file_sync_name(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean is_done = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return is_done;
}

gboolean publish_file_list(const char *path, GBytes *list, GError **error)
{
	g_autofree char *temporary = g_strconcat(path, ".new", NULL);
	int fd = create(temporary);
	gboolean is_done = write_all(fd, list);

	if (FAILPOINT("crl.write") != 0) {
		errno = ENOSPC;
		is_done = FALSE;
	}
	is_done = is_done && fsync(fd) == 0;
	FAILPOINT("crl.before-rename");
	is_done = is_done && rename(temporary, path) == 0 && publish_file_sync_name(path);
	if (!is_done)
		publish_file_fail(path, strerrordesc_np(errno), error);
	FAILPOINT("crl.after-rename");
	if (fd >= 0)
		close(fd);
	return is_done;
}

gboolean publish_file_delta(const char *path, GBytes *delta, GError **error)
{
	g_autofree char *temporary = g_strconcat(path, ".new", NULL);
	int fd = create(temporary);
	gboolean is_done = write_all(fd, delta) && fsync(fd) == 0;

	if (FAILPOINT("crl.delta") != 0) {
		errno = ENOSPC;
		is_done = FALSE;
	}
	/* The folder is not synced again: an older delta after a power loss is replaced at start.
	 */
	is_done = is_done && rename(temporary, path) == 0;
	if (!is_done)
		publish_file_fail(path, strerrordesc_np(errno), error);
	if (fd >= 0)
		close(fd);
	return is_done;
}

char *publish_file_name(const char *name, guint issuer)
{
	const char *end = g_str_has_suffix(name, ".crl") ? name + strlen(name) - strlen(".crl")
							 : name + strlen(name);

	if (issuer < 2 || *name == '\0')
		return g_strdup(name);
	return g_strdup_printf("%.*s-%u%s", (int) (end - name), name, issuer, end);
}
