/* SPDX-License-Identifier: Apache-2.0
 * Commands about the daemon itself. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

gboolean ctl_system_status(Ctl *ctl, GError **error);

/* Exit code 1 if a finding is an error. */
gboolean ctl_system_doctor(Ctl *ctl, GError **error);

/* Exit code 1 if the chain is broken. */

/* The issuing CA; those before it as a table. */
gboolean ctl_system_ca(Ctl *ctl, GError **error);
gboolean ctl_system_emergency(Ctl *ctl, GError **error);
gboolean ctl_system_receive(Ctl *ctl, GError **error);

/* Any request: METHOD PATH [JSON]; JSON may be - for stdin. */
gboolean ctl_system_api(Ctl *ctl, GError **error);
