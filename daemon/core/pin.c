/* SPDX-License-Identifier: Apache-2.0
 * PIN states and the half-yearly deadline. */
#include "daemon/core/pin.h"

#include "daemon/base/clock.h"

static const char *const states[_PIN_STATE_MAX] = {
	[PIN_BLOCKED] = "BLOCKED", [PIN_INITIAL] = "INITIAL", [PIN_SET] = "SET",
	[PIN_LOCKED] = "LOCKED",   [PIN_UNKNOWN] = "UNKNOWN",
};

const char *pin_state_name(PinState state)
{
	return states[state];
}

gboolean pin_state_parse(const char *name, PinState *ret_state)
{
	for (int i = 0; i < _PIN_STATE_MAX; i++)
		if (g_strcmp0(states[i], name) == 0) {
			*ret_state = (PinState) i;
			return TRUE;
		}
	return FALSE;
}

char *pin_due_date(const char *changed_on)
{
	return clock_add_months(changed_on, 6);
}
