/* SPDX-License-Identifier: Apache-2.0
 * Small secret files: created 0600, durable before the call returns, refused when others may read.
 */
#pragma once

#include <glib.h>

#include "pkcs11/secret.h"

/* Largest secret file read, in bytes. */
#define KEY_FILE_MAX 65536

/* The path inside "file:PATH" (or a plain absolute path). Errors: USAGE for any other scheme. */
const char *key_file_path(const char *uri, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the folder @path 0700 unless it is there, and its name durable. */
gboolean key_file_make_folder(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Creates @path 0600 with O_EXCL and syncs file, folder and the folder's own name; EXISTS when it
 * is there already.
 * A file that could not be written whole is removed again. */
gboolean key_file_create(const char *path, const void *bytes, gsize length,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Like key_file_create(), but takes the place of an older @path in one step (rename). */
gboolean key_file_replace(const char *path, const void *bytes, gsize length,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The content, wiped from memory when the last reference goes. Errors: NOT_FOUND, CA (readable or
 * writable by group or others, owned by someone else, not a plain file, empty, too long). */
GBytes *key_file_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first line of such a file, straight into a Secret; secret_free(). Errors as above. */
Secret *key_file_read_secret(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
