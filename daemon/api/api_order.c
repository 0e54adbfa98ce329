/* SPDX-License-Identifier: Apache-2.0
 * The order behind a suspension. */
#include "daemon/api/api_order.h"

#include "daemon/api/json.h"

#define FIELD(name, kind, member, limit)                                                           \
	{                                                                                          \
		(name), (kind), FALSE, offsetof(ApiOrder, member), 0, (limit), NULL, NULL          \
	}

static const JsonField fields[] = {
	FIELD("orderNumber", JSON_KIND_TEXT, number, 100),
	FIELD("orderedOn", JSON_KIND_DATE, ordered_on, 0),
	FIELD("refusedOn", JSON_KIND_DATE, refused_on, 0),
	FIELD("criterion", JSON_KIND_TEXT, criterion, 40),
	FIELD("decidedBy", JSON_KIND_TEXT, decided_by, 20),
};
static const JsonTable table = JSON_TABLE(fields, ApiOrder);

gboolean api_order_take(json_t *body, ApiOrder *ret_order, GError **error)
{
	json_t *own = json_object();
	gboolean is_read;

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		json_t *value = json_object_get(body, fields[i].name);

		if (value != NULL)
			json_object_set(own, fields[i].name, value);
		json_object_del(body, fields[i].name);
	}
	is_read = json_read(own, &table, ret_order, error);
	json_decref(own);
	return is_read;
}

void api_order_clear(ApiOrder *order)
{
	json_clear(&table, order);
}

StopOrderFacts api_order_facts(const ApiOrder *order)
{
	return (StopOrderFacts){ .number = order->number,
				 .ordered_on = order->ordered_on,
				 .refused_on = order->refused_on,
				 .criterion = order->criterion,
				 .decided_by = order->decided_by };
}
