/* SPDX-License-Identifier: Apache-2.0
 * Every command that changes something: one POST as its row says, and what came of it. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "daemon/ctl/ctl.h"

/* On each card of the operands, one after another; goes on after a failure and is then "partly". */
gboolean ctl_act_on_cards(Ctl *ctl, GError **error);

/* On no card: the body is the options; an operand fills the {} of the route. */
gboolean ctl_act_once(Ctl *ctl, GError **error);

/* Tells what a POST answered: dry run, a second person, a job (followed to its end), or the card.
 * The document for --json, NULL with a problem. Borrows `answer`. */
json_t *ctl_act_tell(const Ctl *ctl, json_t *answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
