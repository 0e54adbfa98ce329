/* SPDX-License-Identifier: Apache-2.0
 * issue: one card for a person named, or by an application; --application-all issues a card for
 * every line of a form 2 that has none yet, one after another. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

gboolean ctl_issue(Ctl *ctl, GError **error);
