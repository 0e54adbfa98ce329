/* SPDX-License-Identifier: Apache-2.0
 * The command line: options may stand anywhere behind the command's words, global ones anywhere. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* Fills *ctl from argv, which must outlive it. A problem of kind usage; what was read until then
 * (--json) stays in *ctl. ctl->command is NULL for --help, --version and --list-commands alone. */
gboolean ctl_args_parse(Ctl *ctl, int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
