/* SPDX-License-Identifier: Apache-2.0
 * When each job of the scheduler ran last and how it ended, for whoever watches the daemon. Any
 * thread. */
#pragma once

#include <glib.h>

typedef struct Pulse Pulse;

typedef struct PulseBeat {
	const char *name; /* static */
	gint64 last;      /* when it ended last, well or not */
	gint64 last_good; /* 0: never */
	guint64 failures; /* since the start */
} PulseBeat;

Pulse *pulse_new(void);
void pulse_free(Pulse *pulse);
/* @name is static. */
void pulse_note(Pulse *pulse, const char *name, gint64 now, gboolean is_good);
/* Array of PulseBeat, in the order in which they ran first. Free with g_array_unref. */
GArray *pulse_read(Pulse *pulse);
