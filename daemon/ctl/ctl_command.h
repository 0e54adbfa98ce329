/* SPDX-License-Identifier: Apache-2.0
 * The table of commands: whatever opcardctl can do is one row. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* The rows in the order of help, headings included (their `words` is NULL). */
const CtlCommand *ctl_command_table(gsize *ret_count);

/* The row of "card list", NULL if there is none. */
const CtlCommand *ctl_command_find(const char *words);

/* TRUE if commands of two words begin with it. */
gboolean ctl_command_is_first(const char *word);

/* The second words behind `first`, "list, show"; NULL if there are none. */
char *ctl_command_words(const char *first) G_GNUC_WARN_UNUSED_RESULT;
