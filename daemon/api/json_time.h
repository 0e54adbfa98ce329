/* SPDX-License-Identifier: Apache-2.0
 * Dates and times as they stand in JSON. Pure. */
#pragma once

#include <glib.h>

/* TRUE for "yyyy-mm-dd", years 1900 to 9999, if the calendar has that day. */
gboolean json_time_is_date(const char *text);
/* RFC 3339 with seconds and offset ("Z" or "+09:00"); a fraction of a second is dropped. */
gboolean json_time_read(const char *text, gint64 *ret_seconds) G_GNUC_WARN_UNUSED_RESULT;
/* "2026-04-01T09:00:00+09:00": always shown with Japan's offset. */
char *json_time_format(gint64 seconds) G_GNUC_WARN_UNUSED_RESULT;
