/* SPDX-License-Identifier: Apache-2.0
 * A role taken for a time in an emergency (N05): by a person whom [break-glass] lists for it, with
 * a reason and an end. It is an exception in the register, the chief is told, everything done
 * meanwhile carries its number, and somebody else reviews it afterwards. */
#pragma once

#include "daemon/op/op.h"

typedef struct BreakGlassRequest {
	char *role;
	char *reason;
	char *period; /* "90m", "2h" */
} BreakGlassRequest;

#define BREAK_GLASS_LONGEST (24 * 60 * 60)

/* *ret_id (g_free) is "G-2026-0001", NULL on a dry run. */
gboolean break_glass_take(Op *op, const BreakGlassRequest *request, char **ret_id,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the role back before its time. */
gboolean break_glass_end(Op *op, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The chief, who did not take it, has looked at what was done. */
gboolean break_glass_review(Op *op, const char *id, const char *note,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
