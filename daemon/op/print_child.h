/* SPDX-License-Identifier: Apache-2.0
 * Runs a leaf program that reads stdin and writes stdout, with an almost empty environment, a
 * deadline and a limit. */
#pragma once

#include <glib.h>

typedef struct PrintChild {
	const char *program;     /* path */
	const char *const *argv; /* with argv[0], NULL-terminated */
	GBytes *input;           /* or NULL */
	gint64 deadline;         /* monotonic microseconds */
	gsize output_max;
	int stop; /* the child is killed when this can be read; 0 = nothing stops it */
} PrintChild;

typedef struct PrintOutput {
	GByteArray *data;
	char *text;          /* what it said on stderr, at most 4 KiB of valid UTF-8 */
	int status;          /* exit status, -1 when a signal ended it */
	gboolean is_late;    /* killed at the deadline */
	gboolean is_stopped; /* killed because of @stop */
	gboolean is_large;   /* killed at the limit */
} PrintOutput;

void print_child_clear(PrintOutput *output);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PrintOutput, print_child_clear)

/* FALSE with ERROR_INTERNAL when it could not be started. The child is gone afterwards. */
gboolean print_child_run(const PrintChild *child, PrintOutput *ret_output,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
