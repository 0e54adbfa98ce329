/* SPDX-License-Identifier: Apache-2.0
 * Registers and forms: a PDF (or JSON) into a file, into a pipe, never onto a terminal. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* Gets `path` and writes it to --output, a pipe, or (JSON only) the terminal. */
gboolean ctl_document_write(const Ctl *ctl, const char *path,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* register print issue|card */
gboolean ctl_document_register(Ctl *ctl, GError **error);

/* form print 3|4|5 [CARD…] */
gboolean ctl_document_form(Ctl *ctl, GError **error);
