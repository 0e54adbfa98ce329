/* SPDX-License-Identifier: Apache-2.0
 * Follows what comes and goes in the readers, and finishes what waited for a card. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/op/sight.h"

typedef struct Watch Watch;

Watch *watch_start(House *house, Sight *sight, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void watch_stop(Watch *watch);
