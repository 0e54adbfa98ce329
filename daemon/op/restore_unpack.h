/* SPDX-License-Identifier: Apache-2.0
 * A restore under way, and its first part: the sealed file opened into a folder of its own. */
#pragma once

#include <jansson.h>

#include "daemon/op/restore.h"

/* Folder inside the state folder in which a restore works; while it is there no daemon starts. */
#define RESTORE_UNPACK_FOLDER "restoring"

struct RestoreRun {
	const RestoreRequest *request;
	int file, key;
	char *work;       /* folder with what was unpacked */
	json_t *manifest; /* NULL until unpacked */
	gboolean is_behind;
	gboolean is_placing; /* something may stand in the state folder already */
};

/* Opens the sealed file into run->work, everything with the length and digest of the manifest. */
gboolean restore_unpack(RestoreRun *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;
