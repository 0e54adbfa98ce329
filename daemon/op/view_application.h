/* SPDX-License-Identifier: Apache-2.0
 * Applications as JSON: list, page, and what waits for somebody (inbox). */
#pragma once

#include <jansson.h>

#include "daemon/op/apply.h"

/* Everything about @row with its steps; NULL with an error. */
json_t *view_application(StoreTx *tx, const Op *op, const Application *row,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"items","next"}: those the caller may see. */
json_t *view_application_list(StoreTx *tx, const Op *op, const ApplicationFilter *filter,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the caller may see it: the desk, the section's manager, who applied, whom it concerns. */
gboolean view_application_is_seen(const Op *op, const Application *row);
/* The command that carries it on: "opcardctl application endorse A-2026-0042". Free with g_free;
 * NULL at its end. */
char *view_application_command(const Application *row, ApplicationEvent event);
