/* SPDX-License-Identifier: Apache-2.0
 * Families are generated here from their description, never by code of the policy. */
#include "tests/unit/pin_family.h"

#include <string.h>

guint32 pin_family_broken(const char *pin)
{
	static const PinPolicy policy = { .min_length = 6, .classes = 1 };
	PinBytes bytes = { pin, strlen(pin) };
	PinVerdict verdict;
	bool is_accepted = pin_policy_check(&policy, NULL, &bytes, NULL, &verdict);

	g_assert_cmpint(is_accepted, ==, verdict.broken == 0);
	return verdict.broken;
}

void pin_family_add(PinFamily *family, const char *pin, guint32 rules)
{
	gboolean is_refused = (pin_family_broken(pin) & rules) != 0;

	family->total++;
	family->refused += is_refused;
	if (!is_refused && family->is_listed)
		g_test_message("%s passes: %s", family->name, pin);
}

void pin_family_assert(const PinFamily *family, guint total, guint refused, double percent)
{
	g_test_message("%s: refused %u of %u (%.2f %%)", family->name, family->refused,
		       family->total, 100.0 * family->refused / family->total);
	g_assert_cmpuint(family->total, ==, total);
	g_assert_cmpuint(family->refused, ==, refused);
	g_assert_cmpfloat(100.0 * family->refused, >=, percent * family->total);
}
