/* SPDX-License-Identifier: Apache-2.0
 * The scheduler: one thread that sleeps until the next due thing. */
#pragma once

#include "daemon/op/op.h"

typedef struct Jobs Jobs;

Jobs *jobs_start(House *house, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Waits for the job under way. */
void jobs_stop(Jobs *jobs);
