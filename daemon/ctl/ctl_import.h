/* SPDX-License-Identifier: Apache-2.0
 * import staff|sections|cards FILE and designation import FILE: from CSV to rows of JSON. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

gboolean ctl_import_file(Ctl *ctl, GError **error);
