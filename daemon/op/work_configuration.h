/* SPDX-License-Identifier: Apache-2.0
 * What changed in the configuration and the program since the last start (N57): a work record, key
 * by key, that waits for two persons. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

/* The value as it may be shown and recorded; a secret is not. */
json_t *work_configuration_shown(const ConfigEntry *entry) G_GNUC_WARN_UNUSED_RESULT;
/* At every start. The very first one is recorded as the installation, for nobody to confirm. */
gboolean work_configuration_note(House *house, gint64 now,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
