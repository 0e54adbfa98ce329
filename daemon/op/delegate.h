/* SPDX-License-Identifier: Apache-2.0
 * Standing orders by which the holder of one post acts for another (代理・代決, N02), and the look
 * afterwards at what was done (後閲). Nobody orders it for the own benefit, and only the chief
 * gives the chief's powers away. */
#pragma once

#include "daemon/op/op.h"

typedef struct DelegateRequest {
	char *from_post; /* whose powers */
	char *to_post;   /* who has them too */
	char *since;     /* ISO dates, both days included */
	char *until;
	char *order; /* reference of the order */
} DelegateRequest;

#define DELEGATE_DAYS 366 /* an order is confirmed every year */

/* *ret_id (g_free) is "L-2026-0001", NULL on a dry run. ERROR_DENIED, RULE, USAGE, NOT_FOUND. */
gboolean delegate_add(Op *op, const DelegateRequest *request, char **ret_id,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends at once. */
gboolean delegate_end(Op *op, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The holder of the post whose place was taken has seen act @id. */
gboolean delegate_review(Op *op, const char *id, const char *note,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
