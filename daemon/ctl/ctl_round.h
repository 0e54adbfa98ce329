/* SPDX-License-Identifier: Apache-2.0
 * Card checks by round, cards on their way, places, witnessed sessions: what people see of them. */
#pragma once

#include "daemon/ctl/ctl_output.h"

extern const CtlField ctl_round_refusals[];
