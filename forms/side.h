/* SPDX-License-Identifier: Apache-2.0
 * The files beside a form: its underlay, and the office's own font. Opened before the cage by names
 * that come from the command line alone, read inside it. */
#pragma once

#include "forms/render.h"

#define SIDE_FILES 2

typedef struct Side {
	const char *font_path; /* NULL: none */
	char *underlay_path;   /* the form's, ending in .pdf */
	int font_fd, underlay_fd;
} Side;

/* The underlay is opened where it is there, the font must be. */
gboolean side_open(Side *side, const char *form_path, const char *font_path,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many of the open descriptors there are. */
int side_descriptors(const Side *side, int ret_fds[SIDE_FILES]);

/* Both members of ret_files are NULL where there is no such file; side_clear() does not free
 * them. */
gboolean side_read(const Side *side, RenderFiles *ret_files,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;

void side_clear(Side *side);
