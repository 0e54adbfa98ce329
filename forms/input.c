/* SPDX-License-Identifier: Apache-2.0
 * Input files. */
#include "forms/input.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "forms/form_error.h"

gboolean input_open(const char *path, int *ret_fd, GError **error)
{
	int fd = g_str_equal(path, "-") ? dup(STDIN_FILENO)
					: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return form_error_set(error, FORM_ERROR_INPUT, "%s: 読めません（%s）",
				      "%s: cannot read (%s)", path, g_strerror(errno));
	*ret_fd = fd;
	return TRUE;
}

GByteArray *input_read(int fd, const char *path, gsize most, GError **error)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	guint8 block[64 * 1024];
	ssize_t n;

	while ((n = read(fd, block, sizeof block)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || bytes->len + (gsize) n > most) {
			form_error_set(error, n < 0 ? FORM_ERROR_FAILED : FORM_ERROR_INPUT,
				       "%s: 読めません（%s）", "%s: cannot read (%s)", path,
				       g_strerror(n < 0 ? errno : EFBIG));
			return NULL;
		}
		g_byte_array_append(bytes, block, (guint) n);
	}
	return g_steal_pointer(&bytes);
}
