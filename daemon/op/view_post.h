/* SPDX-License-Identifier: Apache-2.0
 * Posts, delegations and roles taken for a time as JSON. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/op/view.h"

/* Pages: {"items","next"}. */
json_t *view_post_list(StoreTx *tx, const Op *op, const char *after, int limit,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_post_delegations(StoreTx *tx, const Op *op, const char *after, int limit,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *view_post_grants(StoreTx *tx, const Op *op, const char *after, int limit,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The open 後閲 of the caller. */
json_t *view_post_reviews(StoreTx *tx, const Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One post with everybody who held it; ERROR_NOT_FOUND. */
json_t *view_post(StoreTx *tx, const Op *op, const char *name,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;
