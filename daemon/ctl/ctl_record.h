/* SPDX-License-Identifier: Apache-2.0
 * Changes of records that have a number of their own (exceptions, findings, work records). */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* One POST; the part of the route in braces, if there is one, is the first operand. */
gboolean ctl_record_act(Ctl *ctl, GError **error);
