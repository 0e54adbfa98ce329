/* SPDX-License-Identifier: Apache-2.0
 * The log: one line a record on stderr, or structured fields to the journal when it listens.
 * Called by the route dispatcher, the job runner and main only; rooms below return errors. */
#pragma once

#include <glib.h>

typedef enum LogLevel {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
	_LOG_LEVEL_MAX,
} LogLevel;

/* "error", "warning", "info", "debug"; FALSE for another word. */
gboolean log_level_parse(const char *word, LogLevel *ret_level);

/* Records above @level are dropped from now on. */
void log_set_level(LogLevel level);

/* @card and @staff may be NULL. Never pass a PIN. */
void log_line(LogLevel level, const char *card, const char *staff, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

/* The one error a request or job ended with. */
void log_error(const char *what, const char *card, const char *staff, const GError *error);
