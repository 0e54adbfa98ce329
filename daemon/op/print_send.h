/* SPDX-License-Identifier: Apache-2.0
 * On paper: opcard-form send brings the PDF to a printer and follows the job. Only a job that the
 * printer has called completed is recorded as printed; everything else as failed, with the
 * reason. */
#pragma once

#include "daemon/op/print.h"

typedef struct PrintSent {
	int job; /* the printer's number */
	int pages;
} PrintSent;

/* @printer is one of [forms] printer, or NULL for the first of them: the daemon reaches no other
 * host. ERROR_USAGE or ERROR_DENIED for any other, ERROR_PRINTER with the child's text when it was
 * not printed. No transaction may be open. */
gboolean print_send(Op *op, const PrintRequest *request, const char *printer, PrintSent *ret_sent,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
