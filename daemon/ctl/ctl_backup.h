/* SPDX-License-Identifier: Apache-2.0
 * `backup`. */
#pragma once

#include "daemon/ctl/ctl.h"

gboolean ctl_backup_make(Ctl *ctl, GError **error);
