/* SPDX-License-Identifier: Apache-2.0
 * The options that were given, as members of a request body or as a query. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "daemon/ctl/ctl.h"

/* The body; with "dryRun" where asked. A problem if a value is no date, time, number or card. */
json_t *ctl_fields_body(const Ctl *ctl, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "a=b&c=d", percent-encoded; "" if none. `q` is a word to search for, or NULL. */
char *ctl_fields_query(const Ctl *ctl, const char *q, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The value of an option, NULL if it was not given. */
const char *ctl_fields_get(const Ctl *ctl, const char *name);
