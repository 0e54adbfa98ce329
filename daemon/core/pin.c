/* SPDX-License-Identifier: Apache-2.0
 * PIN states and the half-yearly deadline. */
#include "daemon/core/pin.h"

#include <string.h>

#include "daemon/base/clock.h"

#define WARNING_DAYS 30

static const char *const states[_PIN_STATE_MAX] = {
	[PIN_BLOCKED] = "BLOCKED",
	[PIN_INITIAL] = "INITIAL",
	[PIN_SET] = "SET",
	[PIN_LOCKED] = "LOCKED",
	[PIN_RESET_AUTHORIZED] = "RESET_AUTHORIZED",
	[PIN_UNKNOWN] = "UNKNOWN",
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

const char *pin_shown(const Pin *pin, gint64 now)
{
	if (pin->state != PIN_SET)
		return states[pin->state];
	g_autofree char *changed_on = clock_date(pin->changed_at);
	g_autofree char *due = pin_due_date(changed_on);
	g_autofree char *warn = clock_add_days(due, -WARNING_DAYS);
	g_autofree char *today = clock_date(now);

	if (strcmp(today, due) > 0)
		return "OVERDUE";
	return strcmp(today, warn) >= 0 ? "DUE" : "VALID";
}
