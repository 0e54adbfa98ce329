/* SPDX-License-Identifier: Apache-2.0
 * Posts, delegations and roles taken for a time: what people see of them. */
#pragma once

#include "daemon/ctl/ctl_output.h"

extern const CtlField ctl_view_post_list[];
extern const CtlField ctl_view_post_one[];
extern const CtlField ctl_view_post_delegations[];
extern const CtlField ctl_view_post_reviews[];
extern const CtlField ctl_view_post_grants[];
