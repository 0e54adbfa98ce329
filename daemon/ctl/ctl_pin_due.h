/* SPDX-License-Identifier: Apache-2.0
 * `pin due`: whose PIN is to be changed until when, as a table, JSON, or a printed list. */
#pragma once

#include "daemon/ctl/ctl.h"

gboolean ctl_pin_due(Ctl *ctl, GError **error);
