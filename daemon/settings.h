/* SPDX-License-Identifier: Apache-2.0
 * What the configuration must mean, checked before anything is opened: kinds, addresses, accounts
 * and roles. config.c has checked keys, numbers and dates already. */
#pragma once

#include "daemon/base/config.h"

/* ERROR_USAGE, with file and line where the value stands in a file. */
gboolean settings_check(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
