/* SPDX-License-Identifier: Apache-2.0
 * Temporary file, fsync, rename, fsync of the folder. Everything is opened before foreign bytes
 * are parsed, so that afterwards the program needs no path but inside that folder. */
#include "forms/form_output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forms/form_error.h"

struct FormOutput {
	char *path; /* for messages */
	int fd;
	int folder; /* -1: written directly */
	char *name, *temporary;
};

static gboolean refuse(GError **error, const char *path, int wrong)
{
	return form_error_set(error, FORM_ERROR_FAILED, "%s: 書けません（%s）",
			      "%s: cannot write (%s)", path, g_strerror(wrong));
}

static gboolean open_temporary(FormOutput *output)
{
	g_autofree char *folder = g_path_get_dirname(output->path);

	output->name = g_path_get_basename(output->path);
	output->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (output->folder < 0)
		return FALSE;
	for (int i = 0; i < 100; i++) {
		g_autofree char *name = g_strdup_printf(".%s.%d.%d", output->name, getpid(), i);

		output->fd =
			openat(output->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (output->fd >= 0) {
			output->temporary = g_steal_pointer(&name);
			return TRUE;
		}
		if (errno != EEXIST)
			return FALSE;
	}
	return FALSE;
}

FormOutput *form_output_open(const char *path, GError **error)
{
	g_autoptr(FormOutput) output = g_new0(FormOutput, 1);
	struct stat there;
	gboolean good;

	output->path = g_strdup(path);
	output->folder = -1;
	output->fd = -1;
	if (g_str_equal(path, "-")) {
		output->fd = dup(STDOUT_FILENO);
		good = output->fd >= 0;
	} else if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
		output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		good = output->fd >= 0;
	} else {
		good = open_temporary(output);
	}
	if (!good) {
		refuse(error, path, errno);
		return NULL;
	}
	return g_steal_pointer(&output);
}

static gboolean write_all(int fd, GBytes *bytes)
{
	gsize n = 0;
	const char *at = g_bytes_get_data(bytes, &n);

	while (n > 0) {
		ssize_t done = write(fd, at, n);

		if (done < 0 && errno != EINTR)
			return FALSE;
		at += MAX(done, 0);
		n -= (gsize) MAX(done, 0);
	}
	return TRUE;
}

int form_output_descriptors(const FormOutput *output, int ret_fds[2])
{
	int n = 0;

	ret_fds[n++] = output->fd;
	if (output->folder >= 0)
		ret_fds[n++] = output->folder;
	return n;
}

gboolean form_output_finish(FormOutput *output, GBytes *bytes, GError **error)
{
	if (!write_all(output->fd, bytes))
		return refuse(error, output->path, errno);
	if (output->folder < 0)
		return TRUE;
	if (fsync(output->fd) != 0 ||
	    renameat(output->folder, output->temporary, output->folder, output->name) != 0)
		return refuse(error, output->path, errno);
	g_clear_pointer(&output->temporary, g_free);
	return fsync(output->folder) == 0 || refuse(error, output->path, errno);
}

void form_output_free(FormOutput *output)
{
	if (output == NULL)
		return;
	if (output->temporary != NULL)
		(void) unlinkat(output->folder, output->temporary, 0);
	if (output->fd >= 0)
		close(output->fd);
	if (output->folder >= 0)
		close(output->folder);
	g_free(output->path);
	g_free(output->name);
	g_free(output->temporary);
	g_free(output);
}
