/* SPDX-License-Identifier: Apache-2.0
 * Random sequences of events over the real operations; every invariant after every step. A failure
 * names its seed: OPCARD_PROPERTY_SEED=N runs that sequence alone and prints its steps. */
#include <stdlib.h>

#include "tests/unit/sim_check.h"
#include "tests/unit/sim_step.h"

#define STEPS 60

static guint from_environment(const char *name, guint otherwise)
{
	const char *text = g_getenv(name);

	return text != NULL ? (guint) strtoul(text, NULL, 10) : otherwise;
}

/* Two in three sequences begin in an office at work, the others with an empty cupboard. */
static void begin(SimOffice *office, guint seed)
{
	sim_office_designate_all(office);
	if (seed % 3 == 0)
		return;
	for (guint i = 0; i < 6; i++)
		sim_office_prepare(office, i, "operator");
	sim_office_prepare(office, 7, "temporary");
	sim_office_lend(office, 0, sim_office_holder(0));
	sim_office_lend(office, 1, sim_office_holder(1));
	sim_office_lend(office, 2, sim_office_holder(3));
}

static gboolean run_sequence(guint seed)
{
	g_autoptr(SimOffice) office =
		sim_office_new("[policy]\ncollect-remind =\ncollect-escalate =\n");
	SimCheck *check = sim_check_new(office);
	g_autoptr(GString) trace = g_string_new(NULL);
	GRand *rand = g_rand_new_with_seed(seed);
	g_autofree char *fault = NULL;

	begin(office, seed);
	office->has_trouble = from_environment("OPCARD_PROPERTY_TROUBLE", 0) > 0;
	for (int step = 1; fault == NULL && step <= STEPS; step++) {
		g_string_append_printf(trace, "%d ", step);
		fault = sim_step_run(office, rand, trace);
		if (fault == NULL)
			fault = sim_check_all(check);
	}
	if (fault != NULL)
		g_printerr("seed %u: %s\n%s", seed, fault, trace->str);
	else if (g_getenv("OPCARD_PROPERTY_SEED") != NULL)
		g_printerr("%s", trace->str);
	g_rand_free(rand);
	sim_check_free(check);
	return fault == NULL;
}

static void test_sequences(void)
{
	guint only = from_environment("OPCARD_PROPERTY_SEED", 0);
	guint first = only > 0 ? only : from_environment("OPCARD_PROPERTY_FIRST", 1);
	guint count = only > 0 ? 1 : from_environment("OPCARD_PROPERTY_SEQUENCES", 100);
	guint failed = 0;

	for (guint seed = first; seed < first + count; seed++)
		failed += !run_sequence(seed);
	g_autofree char *counts = sim_step_counts();

	g_test_message("seeds %u to %u, %d steps each; done: %s", first, first + count - 1, STEPS,
		       counts);
	g_assert_cmpuint(failed, ==, 0);
	/* A walk that never gets anywhere proves nothing. */
	if (count >= 100)
		g_assert_cmpuint(sim_step_untouched(), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/property/sequences", test_sequences);
	return g_test_run();
}
