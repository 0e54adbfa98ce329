/* SPDX-License-Identifier: Apache-2.0
 * Registers and forms: a PDF (or JSON) into a file, into a pipe, never onto a terminal. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

/* Gets `path` and writes it to --output, a pipe, or (JSON only) the terminal. */
gboolean ctl_document_write(const Ctl *ctl, const char *path,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* register print REGISTER: a file, paper by --printer, or both */
gboolean ctl_document_register(Ctl *ctl, GError **error);

/* register export REGISTER: a table */
gboolean ctl_document_export(Ctl *ctl, GError **error);

/* report annual */
gboolean ctl_document_annual(Ctl *ctl, GError **error);

/* audit pack */
gboolean ctl_document_pack(Ctl *ctl, GError **error);

/* form print FORM [CARD…] */
gboolean ctl_document_form(Ctl *ctl, GError **error);
