/* SPDX-License-Identifier: Apache-2.0
 * Card checks by round, cards on their way, places, witnessed sessions: records that have a number
 * of their own and are shown with the cards in them. */
#pragma once

#include "daemon/ctl/ctl.h"
#include "daemon/ctl/ctl_output.h"

extern const CtlField ctl_round_refusals[];
extern const CtlField ctl_round_list[];
extern const CtlField ctl_round_transits[];
extern const CtlField ctl_round_places[];
extern const CtlField ctl_round_approvals[];
extern const CtlField ctl_round_sessions[];

/* POST of the options to the route, whose {id} is the first operand. */
gboolean ctl_round_post(Ctl *ctl, GError **error);
/* The record and the table of its cards. */
gboolean ctl_round_show(Ctl *ctl, GError **error);
/* The operands are the cards of the session. */
gboolean ctl_round_session(Ctl *ctl, GError **error);
/* Shows the cards that are to be put on hold and asks for the round's number (--confirm). */
gboolean ctl_round_hold(Ctl *ctl, GError **error);
