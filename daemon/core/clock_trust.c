/* SPDX-License-Identifier: Apache-2.0
 * Whether a time can be right. */
#include "daemon/core/clock_trust.h"

static const char *const names[_CLOCK_TRUST_MAX] = {
	[CLOCK_TRUST_GOOD] = "good",
	[CLOCK_TRUST_BEHIND] = "behind",
	[CLOCK_TRUST_AHEAD] = "ahead",
};

ClockTrust clock_trust_judge(const ClockFacts *facts)
{
	if (facts->now < facts->high - facts->behind)
		return CLOCK_TRUST_BEHIND;
	if (facts->now > facts->high + facts->elapsed + facts->ahead)
		return CLOCK_TRUST_AHEAD;
	return CLOCK_TRUST_GOOD;
}

const char *clock_trust_name(ClockTrust trust)
{
	return names[trust];
}
