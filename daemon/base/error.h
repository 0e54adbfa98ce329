/* SPDX-License-Identifier: Apache-2.0
 * The one error domain of opcardd. Every error carries its text in English and in Japanese. */
#pragma once

#include <glib.h>

typedef enum ErrorCode {
	ERROR_INTERNAL,  /* a defect of ours */
	ERROR_USAGE,     /* bad request, field, file line or configuration key */
	ERROR_INPUT,     /* something only a person can give is missing */
	ERROR_DENIED,    /* the caller's roles do not allow it */
	ERROR_NOT_FOUND, /* no such card, person, … */
	ERROR_STATE,     /* table A does not allow the event in this state */
	ERROR_RULE,      /* a rule of the regulation is not fulfilled (date, separation, …) */
	ERROR_EXISTS,    /* number, serial or key used before with another content */
	ERROR_CARD,      /* the card: absent, another one, foreign, refused, gone */
	ERROR_READER,    /* the reader, its module or opcard-card */
	ERROR_PIN,       /* wrong, locked or against the PIN policy */
	ERROR_STORE,     /* database or disk */
	ERROR_CA,        /* CA key or signature */
	ERROR_BUSY,      /* try again */
	ERROR_CLOCK,     /* the clock is not to be trusted: nothing is granted */
	ERROR_PARTLY,    /* done, but something is left to do */
	ERROR_LIMIT,     /* too many requests in a short time */
	ERROR_LARGE,     /* request or file over its limit */
	ERROR_PRINTER,   /* the printer: refused, out of reach, or not printed to the end */
	_ERROR_CODE_MAX,
} ErrorCode;

#define ERROR_DOMAIN (error_quark())
GQuark error_quark(void);

/* Marks a message for translation without translating it. */
#ifndef N_
#define N_(text) text
#endif

/* Sets @error to @format in English and to its Japanese translation (catalogue domain "opcard").
 * Returns FALSE always, so that a guard reads `return error_set(…);`. */
gboolean error_set(GError **error, ErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* INTERNAL for an error of a foreign domain. */
ErrorCode error_code(const GError *error);
/* The Japanese text; the English one where there is none. Owned by @error. */
const char *error_ja(const GError *error);

/* Rows of the table code · wire name · Japanese · English · HTTP status · exit code. */
const char *error_name(ErrorCode code);
const char *error_title_ja(ErrorCode code);
const char *error_title_en(ErrorCode code);
int error_http(ErrorCode code);
int error_exit(ErrorCode code);
