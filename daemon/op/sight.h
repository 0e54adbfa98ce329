/* SPDX-License-Identifier: Apache-2.0
 * What lies in the readers right now, as the watcher tells it. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "daemon/store/store.h"

typedef enum SightState {
	SIGHT_UNKNOWN, /* the watcher has not looked yet */
	SIGHT_EMPTY,   /* nothing, or a blank card of a family that shows none */
	SIGHT_CARD,
	SIGHT_ERROR,
	_SIGHT_STATE_MAX,
} SightState;

typedef struct Sight Sight;

/* @readers are names; copied. */
Sight *sight_new(char **readers);
void sight_free(Sight *sight);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sight, sight_free)

void sight_set(Sight *sight, guint reader, SightState state, const char *text);
/* Name of the reader, NULL beyond the last. Borrowed. */
const char *sight_name(const Sight *sight, guint reader);
/* Items of GET /readers: {"reader","state","card","serial","known","holder"}. */
json_t *sight_view(Sight *sight, StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
