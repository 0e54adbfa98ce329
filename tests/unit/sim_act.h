/* SPDX-License-Identifier: Apache-2.0
 * What can happen in an office, as a table: name, event, what does it, how often. */
#pragma once

#include "tests/unit/sim_office.h"

typedef struct SimStep {
	SimOffice *office;
	GRand *rand;
	guint card;
	const char *number;
	CardEvent event;
	Op *op;
	gboolean is_disturbed; /* a card failed or something happened meanwhile */
} SimStep;

typedef struct SimAct {
	const char *name;
	CardEvent event; /* _CARD_EVENT_MAX: about no card, or no event */
	gboolean (*run)(SimStep *step, GError **error);
	guint weight;
	gboolean has_no_dry_run;
} SimAct;

#define SIM_ACTS 37

const SimAct *sim_act_table(void);
/* Does what @step->event is about, or else the first act of that event. */
gboolean sim_act_event(SimStep *step, GError **error);

gint sim_act_pick(SimStep *step, gint count);
gboolean sim_act_chance(SimStep *step, double part);
/* A staff number, or NULL: somebody without a person. */
const char *sim_act_staff(SimStep *step);
