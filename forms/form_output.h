/* SPDX-License-Identifier: Apache-2.0
 * A file that appears whole or not at all. */
#pragma once

#include <glib.h>

typedef struct FormOutput FormOutput;

/* Opens a temporary file beside path, or standard output for "-"; a path that is no regular
 * file (a pipe, /dev/null) is written to directly, at the end. */
FormOutput *form_output_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes everything, makes it durable and puts it into place. */
gboolean form_output_finish(FormOutput *output, GBytes *bytes,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The open descriptors it still needs, at most two. */
int form_output_descriptors(const FormOutput *output, int ret_fds[2]);

/* Removes what has not been finished. */
void form_output_free(FormOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FormOutput, form_output_free)
