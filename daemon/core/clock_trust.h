/* SPDX-License-Identifier: Apache-2.0
 * Whether a time can be right, measured against the highest one that was believed (N77). Pure: the
 * caller brings the times. */
#pragma once

#include <glib.h>

typedef enum ClockTrust {
	CLOCK_TRUST_GOOD,
	CLOCK_TRUST_BEHIND,
	CLOCK_TRUST_AHEAD,
	_CLOCK_TRUST_MAX,
} ClockTrust;

/* All in seconds. */
typedef struct ClockFacts {
	gint64 now;
	gint64 high;    /* the highest time that was believed */
	gint64 elapsed; /* since then, by a clock that nobody sets; 0 when it is not known */
	gint64 behind;  /* how far @now may lie behind @high */
	gint64 ahead;   /* how far it may lie ahead of @high + @elapsed */
} ClockFacts;

ClockTrust clock_trust_judge(const ClockFacts *facts);
/* "good", "behind" or "ahead". */
const char *clock_trust_name(ClockTrust trust);
