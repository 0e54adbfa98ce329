/* SPDX-License-Identifier: Apache-2.0
 * The members of a suspension's body that tell of the order behind it (N82). */
#pragma once

#include <jansson.h>

#include "daemon/op/stop_order.h"

typedef struct ApiOrder {
	char *number;
	char *ordered_on;
	char *refused_on;
	char *criterion;
	char *decided_by;
} ApiOrder;

/* Takes the members out of @body; what is not there stays NULL. */
gboolean api_order_take(json_t *body, ApiOrder *ret_order,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
void api_order_clear(ApiOrder *order);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApiOrder, api_order_clear)
/* Borrowed from @order. */
StopOrderFacts api_order_facts(const ApiOrder *order);
