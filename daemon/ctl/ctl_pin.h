/* SPDX-License-Identifier: Apache-2.0
 * Where PINs come from: --pin-fd (one a line) or the terminal. Never argv, never the environment.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "daemon/ctl/ctl.h"
#include "daemon/ctl/ctl_secret.h"

/* The request body: `fields` and the PINs that the command needs for `card`. NULL with a problem.
 */
CtlSecret *ctl_pin_body(const Ctl *ctl, const char *card, const json_t *fields,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One PIN, not empty: the next line of --pin-fd, or asked by `question`. */
gboolean ctl_pin_read(const Ctl *ctl, const char *question, CtlSecret *pin,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE if a JSON value of the command line holds a PIN, where others could read it. */
gboolean ctl_pin_is_in(const json_t *value);
