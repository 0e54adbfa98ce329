/* SPDX-License-Identifier: Apache-2.0
 * Printing: opcard-form makes a PDF in a process of its own, without network. Every print is
 * recorded once it succeeded (T38). */
#pragma once

#include "daemon/op/op.h"

typedef enum PrintFormat {
	PRINT_PDF,
	PRINT_XLSX,
	PRINT_CSV,
	PRINT_CSV_CP932,
	_PRINT_FORMAT_MAX
} PrintFormat;

/* "pdf", "xlsx", "csv", "csv-cp932"; FALSE for any other word. */
gboolean print_format_parse(const char *name, PrintFormat *ret_format);
/* The media type. */
const char *print_format_type(PrintFormat format);

typedef struct PrintRequest {
	int form;            /* n of 様式第n号: 3, 4, 5 */
	const char *list;    /* or the name of a form in lists/: "pin-due" */
	json_t *data;        /* borrowed: {"values","rows"}; NULL prints the blank form */
	const char *section; /* for the record, or NULL */
	const char *as_of;   /* for the record, or NULL */
	PrintFormat format;
} PrintRequest;

/* The file. ERROR_NOT_FOUND for a form there is no file of, ERROR_USAGE with the child's text for
 * data it cannot print, ERROR_INTERNAL when it crashed or took more than 60 s. No transaction may
 * be open. */
GBytes *print_form(Op *op, const PrintRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same without a record, for what is printed next; *ret_pages (may be NULL) is 0 unless a
 * PDF. */
GBytes *print_render(const Op *op, const PrintRequest *request, int *ret_pages,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Records what was printed (T38); @extra is taken over, or NULL. */
gboolean print_record(Op *op, const char *kind, const PrintRequest *request, json_t *extra,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
