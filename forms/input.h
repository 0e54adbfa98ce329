/* SPDX-License-Identifier: Apache-2.0
 * Files named on the command line: opened before the cage, read inside it. */
#pragma once

#include <glib.h>

/* "-" is standard input. */
gboolean input_open(const char *path, int *ret_fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Everything, at most that many bytes; path is only for messages. */
GByteArray *input_read(int fd, const char *path, gsize most,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
