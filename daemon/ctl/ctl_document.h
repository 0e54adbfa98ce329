/* SPDX-License-Identifier: Apache-2.0
 * Registers and forms: a PDF (or JSON) into a file, into a pipe, never onto a terminal. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* register print issue|card */
gboolean ctl_document_register(Ctl *ctl, GError **error);

/* form print 3|4|5 [CARD…] */
gboolean ctl_document_form(Ctl *ctl, GError **error);
