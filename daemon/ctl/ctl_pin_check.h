/* SPDX-License-Identifier: Apache-2.0
 * The PIN policy for auditors: judging a list of PINs, and the policy in words. */
#pragma once

#include "daemon/ctl/ctl.h"

/* `pin check --from FILE`: one PIN a line; counts what is refused, without a daemon. No PIN is
 * printed. */
gboolean ctl_pin_check_list(Ctl *ctl, GError **error);
/* `pin policy`: in Japanese and English, with opcardd's own figures where it tells them. */
gboolean ctl_pin_check_policy(Ctl *ctl, GError **error);
