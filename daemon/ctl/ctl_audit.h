/* SPDX-License-Identifier: Apache-2.0
 * The commands of the audit trail. */
#pragma once

#include "daemon/ctl/ctl.h"

/* `audit verify [--witness FILE]`. */
gboolean ctl_audit_verify(Ctl *ctl, GError **error);
/* `audit checkpoint`: one now. */
gboolean ctl_audit_checkpoint(Ctl *ctl, GError **error);
/* `audit lookup --at TIME --card N`, or --from a list of the server. */
gboolean ctl_audit_lookup(Ctl *ctl, GError **error);
/* `audit export --staff NO`. */
gboolean ctl_audit_export(Ctl *ctl, GError **error);
/* `audit hold add|end|list [ID]`. */
gboolean ctl_audit_hold(Ctl *ctl, GError **error);
/* `audit report --fiscal-year N [--sign-off]`. */
gboolean ctl_audit_report(Ctl *ctl, GError **error);
