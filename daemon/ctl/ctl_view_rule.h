/* SPDX-License-Identifier: Apache-2.0
 * Columns and labels of the rules' own records. */
#pragma once

#include "daemon/ctl/ctl_output.h"

extern const CtlField ctl_view_rule_exceptions[];
extern const CtlField ctl_view_rule_exception[];
extern const CtlField ctl_view_rule_findings[];
extern const CtlField ctl_view_rule_finding[];
extern const CtlField ctl_view_rule_orders[];
extern const CtlField ctl_view_rule_works[];
extern const CtlField ctl_view_rule_work[];
extern const CtlField ctl_view_rule_yearly[];
