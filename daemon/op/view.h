/* SPDX-License-Identifier: Apache-2.0
 * What all JSON views share: pages {"items","next"}, times, and the names behind actors. */
#pragma once

#include <jansson.h>

#include "daemon/store/store.h"

#define VIEW_LIMIT     100
#define VIEW_LIMIT_MAX 500

/* 0 → 100; more than 500 → 500. */
int view_limit(gint64 limit);
/* Takes @items over; @next (may be NULL) is copied. */
json_t *view_page(json_t *items, const char *next);
/* A string, or null for NULL. */
json_t *view_text(const char *text);
/* "2026-11-21T09:30:00+09:00", or null for 0. */
json_t *view_time(gint64 at);
/* "2026-11-21", or null for 0. */
json_t *view_date(gint64 at);
/* Name of the person with the staff number @actor, or @actor itself ("root", "opcardd").
 * NULL only with an error. Free with g_free. */
char *view_actor(StoreTx *tx, const char *actor, GError **error) G_GNUC_WARN_UNUSED_RESULT;
