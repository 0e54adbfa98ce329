/* SPDX-License-Identifier: Apache-2.0
 * Reads INI files into lines that remember where they stand (GKeyFile forgets, and merges
 * duplicates silently). */
#pragma once

#include "daemon/base/config.h"

/* @path, then every .conf file of the folder @path.d in name order. Array of ConfigLine (owned by
 * the array). A key given twice in one file is an error. */
GPtrArray *config_file_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
