/* SPDX-License-Identifier: Apache-2.0
 * Questions to the person at the terminal (asked on stderr, answered on stdin). Without a terminal
 * or with --no-input each is a problem "input-needed". */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"
#include "daemon/ctl/ctl_secret.h"

/* TRUE if questions may be asked. */
gboolean ctl_prompt_is_possible(const Ctl *ctl);

/* One line, stripped. `instead` tells scripts which option to use. */
char *ctl_prompt_line(const Ctl *ctl, const char *question, const char *instead,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One line with echo off. The terminal is put right again whatever signal comes. */
gboolean ctl_prompt_secret(const Ctl *ctl, const char *question, CtlSecret *secret,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
