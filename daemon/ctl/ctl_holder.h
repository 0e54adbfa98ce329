/* SPDX-License-Identifier: Apache-2.0
 * What people write for CARD: a face number, @reader, @reader:NAME, staff:NO, or part of the
 * holder's name. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* The card as it stands in a path, not yet percent-encoded. A name is looked up and the card told
 * on stderr; of several the person chooses. */
char *ctl_holder_card(const Ctl *ctl, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
