/* SPDX-License-Identifier: Apache-2.0
 * What must hold after every step, whatever was asked (the invariants of the lifecycle model). */
#pragma once

#include "tests/unit/sim_office.h"

typedef struct SimCheck SimCheck;

SimCheck *sim_check_new(SimOffice *office);
void sim_check_free(SimCheck *check);

/* A digest of every row that an operation may change. Free with g_free. */
char *sim_check_dump(SimOffice *office);
/* The first invariant that does not hold, told in words; NULL when all do. Free with g_free.
 * Remembers what it saw for those that speak of "never". */
char *sim_check_all(SimCheck *check);
