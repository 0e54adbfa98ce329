/* SPDX-License-Identifier: Apache-2.0
 * import staff|sections|cards FILE and designation import FILE: from CSV to rows of JSON. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* The rows of FILE as the API takes them, for "staff", "designations" …; NULL with a problem that
 * names every bad line. */
json_t *ctl_import_rows(const char *file, const char *kind,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean ctl_import_file(Ctl *ctl, GError **error);
