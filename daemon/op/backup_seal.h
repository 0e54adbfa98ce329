/* SPDX-License-Identifier: Apache-2.0
 * Writes one sealed archive: whoever looks at its name sees all of it or nothing. */
#pragma once

#include <glib.h>

typedef struct BackupSeal {
	const char *path;
	GBytes *recipient; /* PEM certificate */
	GBytes *manifest;
	const GPtrArray *parts; /* of BackupPart */
	gint64 now;
} BackupSeal;

/* 0600, synced, then renamed to @seal->path and its folder synced. */
gboolean backup_seal(const BackupSeal *seal, GError **error) G_GNUC_WARN_UNUSED_RESULT;
