/* SPDX-License-Identifier: Apache-2.0
 * Applications (forms 2, 6, 7): new, accept, revise, the steps, list, show. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* application new|accept FORM [FILE], application revise ID [FILE] */
gboolean ctl_apply_write(Ctl *ctl, GError **error);

/* application submit|endorse|… ID... */
gboolean ctl_apply_step(Ctl *ctl, GError **error);

/* application list */
gboolean ctl_apply_list(Ctl *ctl, GError **error);

/* application show ID */
gboolean ctl_apply_show(Ctl *ctl, GError **error);

/* inbox */
gboolean ctl_apply_inbox(Ctl *ctl, GError **error);
