/* SPDX-License-Identifier: Apache-2.0
 * One random thing that may happen in an office, right or wrong, and whether a refusal left
 * anything behind. */
#pragma once

#include "tests/unit/sim_office.h"

/* Does it, appends a line to @trace, and tells what was wrong in words (g_free), or NULL. */
char *sim_step_run(SimOffice *office, GRand *rand, GString *trace);
/* How often steps of each kind succeeded so far, one line each. g_free. */
char *sim_step_counts(void);
/* Kinds that never succeeded. */
guint sim_step_untouched(void);
