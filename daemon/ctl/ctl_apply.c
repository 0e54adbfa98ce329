/* SPDX-License-Identifier: Apache-2.0
 * Applications: a form 2 is a table of a section's users, the others a card and a reason. */
#include "daemon/ctl/ctl_apply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_import.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_view.h"

static const char *operand(const Ctl *ctl, guint i)
{
	return i < ctl->operands->len ? g_ptr_array_index(ctl->operands, i) : NULL;
}

/* SHA-256 of the scanned paper, so that it can be told from any other one. */
static gboolean add_scan(const Ctl *ctl, json_t *body, GError **error)
{
	const char *file = ctl_fields_get(ctl, "scan");
	g_autofree char *bytes = NULL;
	g_autofree char *sum = NULL;
	g_autoptr(GError) inner = NULL;
	gsize length;

	if (file == NULL)
		return TRUE;
	if (!g_file_get_contents(file, &bytes, &length, &inner))
		return ctl_problem_set(error, CTL_PROBLEM_NOT_FOUND, N_("%s cannot be read: %s"),
				       file, inner->message);
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *) bytes, length);
	return json_object_set_new(body, "scan", json_string(sum)) == 0;
}

static gboolean add_table(const char *file, json_t *body, GError **error)
{
	g_autofree char *name = file != NULL ? g_path_get_basename(file) : NULL;
	json_t *rows;

	if (file == NULL)
		return TRUE;
	rows = ctl_import_rows(file, "designations", error);
	if (rows == NULL)
		return FALSE;
	(void) json_object_set_new(body, "file", json_string(name));
	return json_object_set_new(body, "rows", rows) == 0;
}

static gboolean add_form(const char *form, json_t *body, GError **error)
{
	if (strlen(form) != 1 || strchr("267", *form) == NULL)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("There is no application by form \"%s\". There are: 2 "
					  "(users), 6 (PIN reset), 7 (reissue)."),
				       form);
	return json_object_set_new(body, "form", json_integer(atoi(form))) == 0;
}

static char *path_of(const Ctl *ctl, const char *id)
{
	g_autofree char *escaped = g_uri_escape_string(id, NULL, FALSE);
	g_auto(GStrv) around = g_strsplit(ctl->command->route, "{id}", 2);

	return around[1] != NULL ? g_strconcat(around[0], escaped, around[1], NULL)
				 : g_strdup(around[0]);
}

static void print_application(const json_t *application)
{
	static const CtlField id = { "id", "", CTL_FORMAT_TEXT };
	static const CtlField state = { "state|stateJa", "", CTL_FORMAT_TEXT };
	static const CtlField title = { "title|titleJa", "", CTL_FORMAT_TEXT };
	g_autofree char *id_text = ctl_output_value(application, &id, TRUE);
	g_autofree char *state_text = ctl_output_value(application, &state, TRUE);
	g_autofree char *title_text = ctl_output_value(application, &title, TRUE);
	const char *next = json_string_value(json_object_get(application, "next"));

	printf("%s  %s  %s\n", id_text, state_text, title_text);
	if (next != NULL)
		fprintf(stderr, _("next: %s\n"), next);
}

static void tell(const Ctl *ctl, const json_t *answer)
{
	const char *would = ctl_lang_pick(json_object_get(answer, "would"), "en", "ja");
	const json_t *application = json_object_get(answer, "application");

	if (ctl->json)
		ctl_output_json(answer);
	else if (would != NULL)
		printf(_("Dry run: %s\n"), would);
	else if (json_is_object(application))
		print_application(application);
	else
		printf("%s\n", _("Done."));
}

gboolean ctl_apply_write(Ctl *ctl, GError **error)
{
	gboolean is_new = strstr(ctl->command->route, "{id}") == NULL;
	g_autofree char *path = path_of(ctl, operand(ctl, 0));
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	g_autoptr(CtlReply) reply = NULL;

	if (body == NULL || (is_new && !add_form(operand(ctl, 0), body, error)) ||
	    !add_table(operand(ctl, 1), body, error) || !add_scan(ctl, body, error))
		return FALSE;
	reply = ctl_client_post(ctl->client, path, body, error);
	if (reply == NULL)
		return FALSE;
	tell(ctl, reply->json);
	return TRUE;
}

static gboolean step(Ctl *ctl, const char *id, json_t *items, GError **error)
{
	g_autofree char *path = path_of(ctl, id);
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	g_autoptr(CtlReply) reply =
		body != NULL ? ctl_client_post(ctl->client, path, body, error) : NULL;

	if (reply == NULL)
		return FALSE;
	if (ctl->json && ctl->operands->len > 1)
		(void) json_array_append(items, reply->json);
	else
		tell(ctl, reply->json);
	return TRUE;
}

gboolean ctl_apply_step(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) items = json_array();
	g_autoptr(json_t) document = json_pack("{sO}", "items", items);

	for (guint i = 0; i < ctl->operands->len; i++)
		if (!step(ctl, operand(ctl, i), items, error))
			return FALSE;
	if (ctl->json && ctl->operands->len > 1)
		ctl_output_json(document);
	return TRUE;
}

static gboolean print_list(const Ctl *ctl, const char *query, GError **error)
{
	g_autoptr(json_t) list =
		ctl_client_get_list(ctl->client, ctl->command->route, query, G_MAXUINT, error);
	json_t *items = json_object_get(list, "items");

	if (list == NULL)
		return FALSE;
	if (ctl->json) {
		ctl_output_json(list);
		return TRUE;
	}
	ctl_output_table(items, ctl->command->fields);
	if (json_array_size(items) == 0)
		fprintf(stderr, "%s\n", _("There is nothing to show."));
	return TRUE;
}

gboolean ctl_apply_list(Ctl *ctl, GError **error)
{
	g_autofree char *query = ctl_fields_query(ctl, NULL, error);
	g_autofree char *whole = NULL;

	if (query == NULL)
		return FALSE;
	whole = g_strconcat("open=", ctl_fields_get(ctl, "all") != NULL ? "false" : "true",
			    *query != '\0' ? "&" : "", query, NULL);
	return print_list(ctl, whole, error);
}

gboolean ctl_apply_inbox(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) list = ctl_client_get_json(ctl->client, ctl->command->route, error);
	json_t *items = json_object_get(list, "items");

	if (list == NULL)
		return FALSE;
	if (ctl->json) {
		ctl_output_json(list);
		return TRUE;
	}
	ctl_output_table(items, ctl->command->fields);
	if (json_array_size(items) == 0)
		fprintf(stderr, "%s\n", _("Nothing waits for you."));
	return TRUE;
}

gboolean ctl_apply_show(Ctl *ctl, GError **error)
{
	g_autofree char *path = path_of(ctl, operand(ctl, 0));
	g_autoptr(json_t) application = ctl_client_get_json(ctl->client, path, error);
	json_t *lines = json_object_get(application, "lines");

	if (application == NULL)
		return FALSE;
	if (ctl->json) {
		ctl_output_json(application);
		return TRUE;
	}
	ctl_output_record(application, ctl->command->fields);
	if (json_array_size(lines) > 0) {
		printf("\n");
		ctl_output_table(lines, ctl_view_application_lines);
	}
	printf("\n");
	ctl_output_table(json_object_get(application, "steps"), ctl_view_application_steps);
	return TRUE;
}
