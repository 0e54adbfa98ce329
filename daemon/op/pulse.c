/* SPDX-License-Identifier: Apache-2.0
 * A short list behind a lock. */
#include "daemon/op/pulse.h"

#include <string.h>

struct Pulse {
	GMutex mutex;
	GArray *beats;
};

Pulse *pulse_new(void)
{
	Pulse *pulse = g_new0(Pulse, 1);

	g_mutex_init(&pulse->mutex);
	pulse->beats = g_array_new(FALSE, TRUE, sizeof(PulseBeat));
	return pulse;
}

void pulse_free(Pulse *pulse)
{
	if (pulse == NULL)
		return;
	g_array_unref(pulse->beats);
	g_mutex_clear(&pulse->mutex);
	g_free(pulse);
}

static PulseBeat *find(Pulse *pulse, const char *name)
{
	const PulseBeat fresh = { .name = name };

	for (guint i = 0; i < pulse->beats->len; i++)
		if (strcmp(g_array_index(pulse->beats, PulseBeat, i).name, name) == 0)
			return &g_array_index(pulse->beats, PulseBeat, i);
	g_array_append_val(pulse->beats, fresh);
	return &g_array_index(pulse->beats, PulseBeat, pulse->beats->len - 1);
}

void pulse_note(Pulse *pulse, const char *name, gint64 now, gboolean is_good)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&pulse->mutex);
	PulseBeat *beat = find(pulse, name);

	beat->last = now;
	if (is_good)
		beat->last_good = now;
	else
		beat->failures++;
}

GArray *pulse_read(Pulse *pulse)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&pulse->mutex);

	return g_array_copy(pulse->beats);
}
