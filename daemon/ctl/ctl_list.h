/* SPDX-License-Identifier: Apache-2.0
 * Commands that only read: lists as tables, records as label lines. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* All items of the route; the operand is a word to search for, --limit ends early. */
gboolean ctl_list_items(Ctl *ctl, GError **error);

/* The same of cards; --expiring shows the end of the certificate. */
gboolean ctl_list_cards(Ctl *ctl, GError **error);

/* The duties still open, or with --all every one. */
gboolean ctl_list_duties(Ctl *ctl, GError **error);

/* One record; {card} or {staff} in the route is the operand. */
gboolean ctl_list_record(Ctl *ctl, GError **error);

/* A card's events. */
gboolean ctl_list_history(Ctl *ctl, GError **error);

/* `confirm ID`, or with --list what waits for a second person. */
gboolean ctl_list_or_confirm(Ctl *ctl, GError **error);
