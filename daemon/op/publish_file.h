/* SPDX-License-Identifier: Apache-2.0
 * Published files: whoever reads one sees the old or the new one whole, also after a power loss. */
#pragma once

#include <glib.h>

/* Name or address of a list of CA @issuer: "opcard.crl" of the first, "opcard-2.crl" of the next.
 * "" stays "". */
char *publish_file_name(const char *name, guint issuer);
/* Puts @list at @path: a temporary file beside it, synced, renamed, its folder synced. */
gboolean publish_file_list(const char *path, GBytes *list,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts the delta beside the list; called after it, for the other order would promise too much. */
gboolean publish_file_delta(const char *path, GBytes *delta,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes the name of the file or folder @path durable: syncs the folder it stands in. */
gboolean publish_file_sync_name(const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_PARTLY: the list could not be made or written to @path because of @why. */
gboolean publish_file_fail(const char *path, const char *why, GError **error);
