/* SPDX-License-Identifier: Apache-2.0
 * As much of the tar format (POSIX ustar) as a backup needs: plain files with short names, so that
 * any tar reads it. */
#pragma once

#include <glib.h>

#define TAR_BLOCK    512
#define TAR_NAME_MAX 99

/* Where the bytes of an archive go. */
typedef gboolean (*TarSink)(gpointer data, const void *bytes, gsize length, GError **error);

typedef struct TarEntry {
	char name[TAR_NAME_MAX + 1];
	guint64 size;
	gint64 modified;
} TarEntry;

/* The 512 octets in front of a file of @entry->size octets. ERROR_LARGE from 8 GiB on. */
gboolean tar_head(const TarEntry *entry, guint8 ret_block[TAR_BLOCK],
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Octets to fill up behind a file of @size octets. */
gsize tar_gap(guint64 size);
/* Reads such a block; *ret_is_end for the block of zeros that ends an archive. FALSE with
 * ERROR_USAGE for anything but a plain file with a name without "..", "//" and leading "/". */
gboolean tar_read_head(const guint8 block[TAR_BLOCK], TarEntry *ret_entry, gboolean *ret_is_end,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
