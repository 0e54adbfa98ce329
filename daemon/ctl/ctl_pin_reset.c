/* SPDX-License-Identifier: Apache-2.0
 * Which PIN is asked for depends on the options; all the rest is an act on a card. */
#include "daemon/ctl/ctl_pin_reset.h"

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_fields.h"

gboolean ctl_pin_reset(Ctl *ctl, GError **error)
{
	const CtlCommand *command = ctl->command;
	CtlCommand variant = *command;
	gboolean is_done;

	if (ctl_fields_get(ctl, "paper") != NULL)
		variant.secrets = CTL_SECRETS_NONE;
	else if (ctl_fields_get(ctl, "absent") != NULL)
		variant.secrets = CTL_SECRETS_INITIAL_PIN;
	ctl->command = &variant;
	is_done = ctl_act_on_cards(ctl, error);
	ctl->command = command;
	return is_done;
}
