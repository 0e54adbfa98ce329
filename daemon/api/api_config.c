/* SPDX-License-Identifier: Apache-2.0
 * config show: what is in force on a day, and where each value comes from. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/view.h"
#include "daemon/op/work_configuration.h"

/* "policy 2027-04-01" → "2027-04-01"; NULL for what has no date. */
static const char *since_of(const ConfigEntry *entry)
{
	return entry->file != NULL && g_str_has_prefix(entry->section, "policy ")
		       ? entry->section + strlen("policy ")
		       : NULL;
}

static json_t *view(const ConfigEntry *entry)
{
	g_autofree char *key = g_strdup_printf("[%s] %s", entry->section, entry->key);

	return json_pack("{s:s, s:o, s:b, s:o, s:i, s:o}", "key", key, "value",
			 work_configuration_shown(entry), "default", entry->file == NULL, "file",
			 json_text(entry->file), "line", entry->line, "since",
			 view_text(since_of(entry)));
}

HttpReply *handlers_config(Call *call, GError **error)
{
	g_autofree char *today = clock_date(call->op.now);
	const char *asked = call_query(call, "at");
	const char *date = asked != NULL ? asked : today;
	ConfigEntry entry;
	json_t *items;

	if (!clock_is_date(date)) {
		error_set(error, ERROR_USAGE,
			  N_("\"%s\" is no day of the calendar; write it like 2026-04-01"), date);
		return NULL;
	}
	items = json_array();
	for (guint i = 0; config_entry_on(call->api->house->config, i, date, &entry); i++)
		json_array_append_new(items, view(&entry));
	return reply_json(200, view_page(items, NULL));
}
