/* SPDX-License-Identifier: Apache-2.0
 * `pin reset`: with --paper a form 6 is accepted, without it a new PIN is set at the desk. */
#pragma once

#include "daemon/ctl/ctl.h"

gboolean ctl_pin_reset(Ctl *ctl, GError **error);
