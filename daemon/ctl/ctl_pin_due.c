/* SPDX-License-Identifier: Apache-2.0
 * The list by deadline. */
#include "daemon/ctl/ctl_pin_due.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_document.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"

static gboolean check_format(const Ctl *ctl, GError **error)
{
	static const char *const known[] = { "pdf", "xlsx", "csv", "csv-cp932", NULL };
	const char *format = ctl_fields_get(ctl, "format");

	if (format == NULL || g_strv_contains(known, format))
		return TRUE;
	return ctl_problem_set(error, CTL_PROBLEM_USAGE,
			       N_("There is no format \"%s\" here. There are: pdf, xlsx, csv, "
				  "csv-cp932; --json prints JSON."),
			       format);
}

static char *query_of(const Ctl *ctl, gboolean is_paper)
{
	const char *format = ctl_fields_get(ctl, "format");
	GString *query = g_string_new(NULL);
	const char *within = ctl_fields_get(ctl, "within");
	const char *section = ctl_fields_get(ctl, "section");
	g_autofree char *escaped =
		section != NULL ? g_uri_escape_string(section, NULL, FALSE) : NULL;

	if (is_paper)
		g_string_append_printf(query, "&format=%s", format != NULL ? format : "pdf");
	if (within != NULL)
		g_string_append_printf(query, "&within=%s", within);
	if (escaped != NULL)
		g_string_append_printf(query, "&section=%s", escaped);
	if (ctl_fields_get(ctl, "overdue") != NULL)
		g_string_append(query, "&overdue=true");
	if (query->str[0] == '&')
		g_string_erase(query, 0, 1);
	return g_string_free(query, FALSE);
}

gboolean ctl_pin_due(Ctl *ctl, GError **error)
{
	g_autofree char *checked = ctl_fields_query(ctl, NULL, error);
	g_autofree char *query = NULL;
	g_autofree char *path = NULL;
	g_autoptr(json_t) list = NULL;
	json_t *items;
	gboolean is_paper =
		ctl_fields_get(ctl, "format") != NULL || ctl_fields_get(ctl, "output") != NULL;

	if (checked == NULL || !check_format(ctl, error))
		return FALSE;
	query = query_of(ctl, is_paper);
	path = g_strconcat(ctl->command->route, "?", query, NULL);
	if (is_paper)
		return ctl_document_write(ctl, path, error);
	list = ctl_client_get_list(ctl->client, ctl->command->route, query, G_MAXUINT, error);
	if (list == NULL)
		return FALSE;
	items = json_object_get(list, "items");
	if (ctl->json)
		ctl_output_json(list);
	else
		ctl_output_table(items, ctl->command->fields);
	if (!ctl->json && json_array_size(items) == 0)
		fprintf(stderr, "%s\n", _("There is nothing to show."));
	return TRUE;
}
