/* SPDX-License-Identifier: Apache-2.0
 * Named places at which a test can kill the process or make a step fail (only with
 * OPCARD_FAILPOINTS).
 * OPCARD_FAILPOINTS="issue.tx1:kill,card.put:eio,crl.write:enospc,ocsp.load:sleep=500,x:kill@3"
 * in the environment; @N means the N-th hit only. A wrong text aborts, so that no test passes by a
 * typo. With OPCARD_FAILPOINTS_GATE hits count from the moment that file is there. */
#pragma once

#include <stdio.h>

#ifdef OPCARD_FAILPOINTS

/* Each use registers its name in a section of the binary, so that all can be listed without
 * running. */
#define FAILPOINT(name)                                                                            \
	(__extension__({                                                                           \
		static const char *const failpoint_here                                            \
			__attribute__((used, section("opcard_failpoint"))) = (name);               \
		failpoint_hit(failpoint_here);                                                     \
	}))

#else

#define FAILPOINT(name) failpoint_none()

#endif

/* 0, or the errno (EIO, ENOSPC) with which the step after it must fail. As a statement:
 * FAILPOINT("x"); */
int failpoint_hit(const char *name);

static inline int failpoint_none(void)
{
	return 0;
}

/* Prints the names of this binary, one a line, sorted, each once. Nothing when they are not
 * compiled in. */
void failpoint_list(FILE *to);
