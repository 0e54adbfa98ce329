/* SPDX-License-Identifier: Apache-2.0
 * Printing: opcard-form makes a PDF in a process of its own, without network. Every print is
 * recorded once it succeeded (T38). */
#pragma once

#include "daemon/op/op.h"

typedef struct PrintRequest {
	int form;            /* n of 様式第n号: 3, 4, 5 */
	const char *list;    /* or the name of a form in lists/: "pin-due" */
	json_t *data;        /* borrowed: {"values","rows"}; NULL prints the blank form */
	const char *section; /* for the record, or NULL */
	const char *as_of;   /* for the record, or NULL */
} PrintRequest;

/* The PDF. ERROR_NOT_FOUND for a form there is no file of, ERROR_USAGE with the child's text for
 * data it cannot print, ERROR_INTERNAL when it crashed or took more than 60 s. No transaction may
 * be open. */
GBytes *print_form(Op *op, const PrintRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
