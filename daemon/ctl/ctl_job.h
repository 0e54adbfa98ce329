/* SPDX-License-Identifier: Apache-2.0
 * Follows work that takes long: every step on stderr as it arrives. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "daemon/ctl/ctl.h"

/* Waits for the end. The final document with every step in it; the job's problem if it failed or
 * waits for its card. */
json_t *ctl_job_follow(const Ctl *ctl, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
