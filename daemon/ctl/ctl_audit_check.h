/* SPDX-License-Identifier: Apache-2.0
 * `audit check FILE`: verifies an export of one person's records with nothing but the file. */
#pragma once

#include "daemon/ctl/ctl.h"

/* Exit 1 when a record is not what the checkpoint was signed over. --key compares the key's id. */
gboolean ctl_audit_check(Ctl *ctl, GError **error);
