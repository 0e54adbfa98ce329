/* SPDX-License-Identifier: Apache-2.0
 * What went wrong, as a GError whose code is the exit code and which keeps the problem document
 * (RFC 9457) that --json prints, the daemon's or one of our own in the same shape. */
#pragma once

#include <glib.h>
#include <jansson.h>

#define CTL_PROBLEM_DOMAIN (ctl_problem_quark())
GQuark ctl_problem_quark(void);

/* Kinds of our own problems; the daemon's come with their own type. */
typedef enum CtlProblem {
	CTL_PROBLEM_FAILED,
	CTL_PROBLEM_USAGE,
	CTL_PROBLEM_INPUT,
	CTL_PROBLEM_NOT_FOUND,
	CTL_PROBLEM_CARD,
	CTL_PROBLEM_UNREACHABLE,
	CTL_PROBLEM_PARTLY,
	_CTL_PROBLEM_MAX
} CtlProblem;

/* Always FALSE. `format` is an English msgid; both languages are kept. */
gboolean ctl_problem_set(GError **error, CtlProblem kind, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* Always FALSE. `document` is the daemon's answer with that HTTP status, borrowed; NULL if it was
 * no problem document. */
gboolean ctl_problem_set_document(GError **error, long status, json_t *document);

/* Always FALSE. Adds a member to the document; takes `value`. */
gboolean ctl_problem_add(GError **error, const char *key, json_t *value);

/* The document, borrowed. */
json_t *ctl_problem_document(const GError *error);

int ctl_problem_exit(const GError *error);

/* Tells people on stderr what is wrong. `file` is put before line numbers, or NULL. */
void ctl_problem_print(const GError *error, const char *file);
