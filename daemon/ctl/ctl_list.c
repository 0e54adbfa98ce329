/* SPDX-License-Identifier: Apache-2.0
 * Reading commands. With --json a list is one document with all its pages joined. */
#include "daemon/ctl/ctl_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_holder.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_option.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_view.h"
#include "daemon/ctl/ctl_word.h"

#define AUDIT_LIMIT 500

static const char *operand(const Ctl *ctl, guint i)
{
	return i < ctl->operands->len ? g_ptr_array_index(ctl->operands, i) : NULL;
}

/* 0 where the route takes no limit. */
static guint limit_of(const Ctl *ctl)
{
	const char *given = ctl_fields_get(ctl, "limit");
	CtlOption option;

	if (given != NULL)
		return (guint) strtoul(given, NULL, 10);
	if (!ctl_option_find(ctl->command->options, "limit", &option))
		return 0;
	return strcmp(ctl->command->route, "/audit") == 0 ? AUDIT_LIMIT : G_MAXUINT;
}

static void print_items(const Ctl *ctl, const json_t *list, const char *member)
{
	json_t *items = json_object_get(list, member);
	json_t *next = json_object_get(list, "next");

	if (ctl->json) {
		ctl_output_json(list);
		return;
	}
	ctl_output_table(items, ctl->command->fields);
	if (json_array_size(items) == 0)
		fprintf(stderr, "%s\n", _("There is nothing to show."));
	if (json_is_string(next))
		fprintf(stderr, _("There are more: --after %s\n"), json_string_value(next));
}

static gboolean list(const Ctl *ctl, const char *query, GError **error)
{
	g_autoptr(json_t) items =
		ctl_client_get_list(ctl->client, ctl->command->route, query, limit_of(ctl), error);

	if (items == NULL)
		return FALSE;
	print_items(ctl, items, "items");
	return TRUE;
}

gboolean ctl_list_items(Ctl *ctl, GError **error)
{
	g_autofree char *query = ctl_fields_query(ctl, operand(ctl, 0), error);

	return query != NULL && list(ctl, query, error);
}

gboolean ctl_list_cards(Ctl *ctl, GError **error)
{
	CtlCommand command = *ctl->command;
	Ctl expiring = *ctl;

	if (ctl_fields_get(ctl, "expiring") == NULL)
		return ctl_list_items(ctl, error);
	command.fields = ctl_view_expiring;
	expiring.command = &command;
	return ctl_list_items(&expiring, error);
}

gboolean ctl_list_duties(Ctl *ctl, GError **error)
{
	g_autofree char *query = ctl_fields_query(ctl, NULL, error);
	g_autofree char *whole =
		query == NULL ? NULL
			      : g_strconcat(ctl_fields_get(ctl, "all") != NULL ? "open=false"
									       : "open=true",
					    *query != '\0' ? "&" : "", query, NULL);

	return whole != NULL && list(ctl, whole, error);
}

/* NULL with a problem. */
static char *route_path(const Ctl *ctl, GError **error)
{
	const char *route = ctl->command->route;
	g_autofree char *value = NULL;
	g_autofree char *escaped = NULL;
	g_auto(GStrv) around = NULL;

	if (strchr(route, '{') == NULL)
		return g_strdup(route);
	value = strstr(route, "{card}") != NULL ? ctl_holder_card(ctl, operand(ctl, 0), error)
						: ctl_word_fold(operand(ctl, 0));
	if (value == NULL)
		return NULL;
	escaped = g_uri_escape_string(value, NULL, FALSE);
	around = g_strsplit_set(route, "{}", 3);
	return g_strconcat(around[0], escaped, around[2], NULL);
}

gboolean ctl_list_record(Ctl *ctl, GError **error)
{
	g_autofree char *path = route_path(ctl, error);
	g_autoptr(json_t) record =
		path == NULL ? NULL : ctl_client_get_json(ctl->client, path, error);

	if (record == NULL)
		return FALSE;
	if (ctl->json)
		ctl_output_json(record);
	else
		ctl_output_record(record, ctl->command->fields);
	return TRUE;
}

gboolean ctl_list_history(Ctl *ctl, GError **error)
{
	g_autofree char *path = route_path(ctl, error);
	g_autoptr(json_t) history =
		path == NULL ? NULL : ctl_client_get_json(ctl->client, path, error);

	if (history == NULL)
		return FALSE;
	print_items(ctl, history, "events");
	return TRUE;
}

gboolean ctl_list_or_confirm(Ctl *ctl, GError **error)
{
	const char *id = operand(ctl, 0);
	g_autofree char *escaped = NULL;
	g_autofree char *path = NULL;
	g_autoptr(json_t) body = NULL;
	g_autoptr(CtlReply) reply = NULL;
	g_autoptr(json_t) document = NULL;

	if (ctl_fields_get(ctl, "list") != NULL)
		return list(ctl, "", error);
	if (id == NULL)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("Which one? opcardctl confirm --list shows what waits."));
	escaped = g_uri_escape_string(id, NULL, FALSE);
	path = g_strconcat(ctl->command->route, "/", escaped, NULL);
	body = json_object();
	if (ctl->dry_run)
		(void) json_object_set_new(body, "dryRun", json_true());
	reply = ctl_client_post(ctl->client, path, body, error);
	if (reply == NULL)
		return FALSE;
	document = ctl_act_tell(ctl, reply->json, error);
	if (document != NULL && ctl->json)
		ctl_output_json(document);
	return document != NULL;
}
