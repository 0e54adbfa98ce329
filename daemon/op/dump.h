/* SPDX-License-Identifier: Apache-2.0
 * JSON values as text for the store. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Compact, keys sorted, so that equal values have equal texts. Free with g_free. */
char *dump_json(const json_t *value) G_GNUC_WARN_UNUSED_RESULT;
