/* SPDX-License-Identifier: Apache-2.0
 * Columns and labels of the rules' own records. */
#pragma once

#include "daemon/ctl/ctl_output.h"

extern const CtlField ctl_view_rule_exceptions[];
extern const CtlField ctl_view_rule_exception[];
