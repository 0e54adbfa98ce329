/* SPDX-License-Identifier: Apache-2.0
 * How often somebody may ask: a bucket of tokens for each, filled steadily. Any thread; the lock is
 * never held for longer than that takes. */
#pragma once

#include <glib.h>

typedef struct Rate Rate;

/* @per_minute 0: no limit. @burst is what may come at once. */
Rate *rate_new(guint per_minute, guint burst);
void rate_free(Rate *rate);
/* Takes a token of @who at @now (g_get_monotonic_time()). 0, or the whole seconds until there is
 * one again. */
guint rate_take(Rate *rate, const char *who, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rate, rate_free)
