/* SPDX-License-Identifier: Apache-2.0
 * Length and characters of a PIN. The reason is named, never the PIN. */
#include "daemon/op/pin_rule.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"

gboolean pin_rule_check(const Op *op, const Card *card, const CardReady *ready, const Secret *pin,
			GError **error)
{
	g_autofree char *today = clock_date(op->now);
	gsize least = (gsize) config_policy(op->house->config, POLICY_PIN_MIN_LENGTH, today);
	gsize length = secret_length(pin);
	const char *text = secret_data(pin);

	if (length < MAX(least, ready->pin_min))
		return error_set(error, ERROR_PIN,
				 N_("card %s: the PIN is too short; it has at least %u characters "
				    "(T26)"),
				 card->number, (unsigned) MAX(least, ready->pin_min));
	if (length > ready->pin_max)
		return error_set(error, ERROR_PIN,
				 N_("card %s: the PIN is too long for this card; it has at most %u "
				    "characters"),
				 card->number, ready->pin_max);
	if (strspn(text, ready->alphabet) != length)
		return error_set(error, ERROR_PIN,
				 N_("card %s: the PIN has characters this card does not take; use "
				    "half-width letters, digits and signs"),
				 card->number);
	if (strspn(text, (const char[]){ text[0], '\0' }) == length)
		return error_set(
			error, ERROR_PIN,
			N_("card %s: the PIN is one character repeated; choose one without "
			   "regularity (T26)"),
			card->number);
	return TRUE;
}
