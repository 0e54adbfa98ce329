/* SPDX-License-Identifier: Apache-2.0
 * Errors of opcard-form: every message is carried in Japanese and in English. */
#pragma once

#include <glib.h>

typedef enum FormErrorCode {
	FORM_ERROR_FAILED,      /* the machine failed: exit 1 */
	FORM_ERROR_INPUT,       /* arguments, form or data are wrong: exit 2 */
	FORM_ERROR_REFUSED,     /* the printer does not take it, nothing was sent: exit 3 */
	FORM_ERROR_UNREACHABLE, /* there is no printer, nothing was sent: exit 4 */
	FORM_ERROR_UNFINISHED,  /* sent, and not printed to the end: exit 5 */
	_FORM_ERROR_MAX
} FormErrorCode;

#define FORM_ERROR (form_error_quark())
GQuark form_error_quark(void);

/* Sets *error to "日本語 / English" and returns FALSE; both formats take the same arguments. */
gboolean form_error_set(GError **error, FormErrorCode code, const char *ja, const char *en, ...)
	__attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* Puts where it happened before both halves of the message; returns FALSE. */
gboolean form_error_prefix(GError **error, const char *ja, const char *en, ...)
	__attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* Exit code of the program for this error: 1 to 5. */
int form_error_exit(const GError *error);
