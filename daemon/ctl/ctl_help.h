/* SPDX-License-Identifier: Apache-2.0
 * Help, the list for tests and the completion scripts, all made from the command table. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* help [COMMAND]; also --help. */
gboolean ctl_help_run(Ctl *ctl, GError **error);

/* completion bash|zsh */
gboolean ctl_help_completion(Ctl *ctl, GError **error);

/* COMMAND<TAB>EVENT, one a line; the event is - where there is none. */
void ctl_help_list(void);

/* The usage, options and explanation of one command on stdout. */
void ctl_help_command(const CtlCommand *command);
