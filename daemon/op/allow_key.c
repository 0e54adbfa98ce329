/* SPDX-License-Identifier: Apache-2.0
 * Allowed algorithms. */
#include "daemon/op/allow_key.h"

#include "daemon/base/algorithm.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"

static const char *allowed(const House *house, gint64 now)
{
	g_autofree char *today = clock_date(now);

	return config_policy_text(house->config, POLICY_ALGORITHMS, today);
}

gboolean allow_key_name(const House *house, gint64 now, const char *name, GError **error)
{
	const char *list = allowed(house, now);

	return algorithm_is_allowed(list, name) ||
	       error_set(error, ERROR_RULE,
			 N_("keys of the kind %s are not allowed any more; allowed are %s "
			    "([policy] algorithms, N12)"),
			 name, list);
}

gboolean allow_key_spki(const House *house, gint64 now, GBytes *spki, GError **error)
{
	g_autofree char *name = key_spki_kind(spki);

	return allow_key_name(house, now, name, error);
}

gboolean allow_key_issue(const Op *op, const Issuer *issuer, GError **error)
{
	g_autofree char *name = key_spki_kind(issuer_spki(issuer));
	const char *list = allowed(op->house, op->now);

	if (!algorithm_is_allowed(list, name))
		return error_set(error, ERROR_RULE,
				 N_("the certification authority's key is %s, which is not allowed "
				    "any more (%s; [policy] algorithms, N12): nothing can be "
				    "issued before it has a successor"),
				 name, list);
	return allow_key_name(op->house, op->now, config_text(op->house->config, CONFIG_CARD_KEY),
			      error) &&
	       issuer_reach(issuer, error);
}
