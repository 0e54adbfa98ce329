/* SPDX-License-Identifier: Apache-2.0
 * Notices about applications: to the post that must act next, and to who applied once it is
 * decided. */
#pragma once

#include "daemon/op/apply.h"

/* After @event, in the transaction of the step. */
gboolean apply_tell(StoreTx *tx, const Op *op, const Application *row, ApplicationEvent event,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
