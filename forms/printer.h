/* SPDX-License-Identifier: Apache-2.0
 * One PDF to one printer over IPP (RFC 8011), followed to its end: what the printer has not called
 * completed was not printed. */
#pragma once

#include <glib.h>

typedef struct Printer Printer;

typedef struct PrinterJob {
	const char *title;
	const char *user;
	int wait_seconds; /* for a printer that has stopped: out of paper, cover open */
} PrinterJob;

typedef struct PrinterResult {
	int id;
	int impressions; /* pages the printer counted, -1 when it does not tell */
} PrinterResult;

/* ipp://…, ipps://…, or the name of a queue of this computer's CUPS. Looks up the address: call it
 * before the cage. FORM_ERROR_INPUT for anything else, FORM_ERROR_UNREACHABLE for no address. */
Printer *printer_open(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void printer_free(Printer *printer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Printer, printer_free)

/* Connects and asks whether it takes PDF and jobs. FORM_ERROR_UNREACHABLE, FORM_ERROR_REFUSED:
 * nothing was sent. */
gboolean printer_check(Printer *printer, const PrinterJob *job,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sends the document and follows the job; states are told on stderr as they change. Whatever ends
 * other than completed is FORM_ERROR_UNFINISHED, and a job that waits too long is cancelled. */
gboolean printer_print(Printer *printer, const PrinterJob *job, GBytes *pdf,
		       PrinterResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
