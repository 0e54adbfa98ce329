/* SPDX-License-Identifier: Apache-2.0
 * opcard-form read: a foreign workbook in, JSON out. */
#pragma once

#include <glib.h>

/* argv from the verb on: FILE.xlsx [-o FILE|-]. Enters a cage without network and files before it
 * looks at the first byte. */
gboolean verb_read_run(int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
