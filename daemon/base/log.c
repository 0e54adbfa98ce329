/* SPDX-License-Identifier: Apache-2.0
 * The log. GLib chooses between journal and stderr; the fields CARD and STAFF are searchable. */
#include "daemon/base/log.h"

#include <stdarg.h>
#include <unistd.h>

static int log_level = LOG_LEVEL_INFO;

static const char *const words[_LOG_LEVEL_MAX] = { "error", "warning", "info", "debug" };

gboolean log_level_parse(const char *word, LogLevel *ret_level)
{
	for (int i = 0; i < _LOG_LEVEL_MAX; i++)
		if (g_strcmp0(words[i], word) == 0) {
			*ret_level = (LogLevel) i;
			return TRUE;
		}
	return FALSE;
}

void log_set_level(LogLevel level)
{
	g_atomic_int_set(&log_level, (int) level);
}

void log_line(LogLevel level, const char *card, const char *staff, const char *format, ...)
{
	static const char *const priority[_LOG_LEVEL_MAX] = { "3", "4", "6", "7" };
	static const GLogLevelFlags flags[_LOG_LEVEL_MAX] = {
		G_LOG_LEVEL_CRITICAL, G_LOG_LEVEL_WARNING, G_LOG_LEVEL_MESSAGE, G_LOG_LEVEL_DEBUG
	};
	g_autofree char *text = NULL;
	va_list args;

	if ((int) level > g_atomic_int_get(&log_level))
		return;
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	if (!g_log_writer_is_journald(STDERR_FILENO)) {
		g_printerr("opcardd[%s]: %s%s%s%s%s\n", words[level], text,
			   card != NULL ? " CARD=" : "", card != NULL ? card : "",
			   staff != NULL ? " STAFF=" : "", staff != NULL ? staff : "");
		return;
	}
	GLogField fields[] = {
		{ "MESSAGE", text, -1 },
		{ "PRIORITY", priority[level], -1 },
		{ "SYSLOG_IDENTIFIER", "opcardd", -1 },
		{ "CARD", card != NULL ? card : "", -1 },
		{ "STAFF", staff != NULL ? staff : "", -1 },
	};
	g_log_writer_journald(flags[level], fields, G_N_ELEMENTS(fields), NULL);
}

void log_error(const char *what, const char *card, const char *staff, const GError *error)
{
	log_line(LOG_LEVEL_WARNING, card, staff, "%s: %s", what, error->message);
}
