/* SPDX-License-Identifier: Apache-2.0
 * The night desk's search: one match at a time (GET /lookup). */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* `lookup NAME`: one match, and how to see the next. */
gboolean ctl_lookup_show(Ctl *ctl, GError **error);
/* The card of the holder whom the person at the terminal says yes to; without a terminal the only
 * match. NULL with a problem. */
char *ctl_lookup_card(const Ctl *ctl, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
