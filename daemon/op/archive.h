/* SPDX-License-Identifier: Apache-2.0
 * A zip file whose members are stored as they are: PDF is compressed already. Names are UTF-8 and
 * marked so. */
#pragma once

#include <glib.h>

typedef struct Archive Archive;

/* @at is the time of every member. */
Archive *archive_new(gint64 at);
void archive_free(Archive *archive);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Archive, archive_free)

/* FALSE with ERROR_LARGE beyond what a plain zip holds (4 GiB, 65,535 members). */
gboolean archive_add(Archive *archive, const char *name, GBytes *content,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The whole file; nothing can be added any more. */
GBytes *archive_finish(Archive *archive);
