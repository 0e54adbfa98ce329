/* SPDX-License-Identifier: Apache-2.0
 * Without -o and --format the register is a PDF for a pipe, or JSON when --json asks for it. */
#include "daemon/ctl/ctl_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_holder.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"

static gboolean is_to_stdout(const Ctl *ctl)
{
	const char *file = ctl_fields_get(ctl, "output");

	return file == NULL || strcmp(file, "-") == 0;
}

static gboolean tell_file(const Ctl *ctl, gsize length)
{
	const char *file = ctl_fields_get(ctl, "output");
	g_autoptr(json_t) told = NULL;

	if (is_to_stdout(ctl))
		return TRUE;
	if (ctl->json) {
		told = json_pack("{ss sI}", "file", file, "bytes", (json_int_t) length);
		ctl_output_json(told);
	} else {
		fprintf(stderr, _("Written: %s\n"), file);
	}
	return TRUE;
}

static gboolean write_document(const Ctl *ctl, const char *path, GError **error)
{
	g_autoptr(CtlReply) reply = ctl_client_get(ctl->client, path, error);
	const char *file = ctl_fields_get(ctl, "output");

	if (reply == NULL)
		return FALSE;
	if (is_to_stdout(ctl) && reply->json != NULL) {
		ctl_output_json(reply->json);
		return TRUE;
	}
	return ctl_output_file(file, reply->body->data, reply->body->len, error) &&
	       tell_file(ctl, reply->body->len);
}

/* A PDF on the terminal, or where JSON was asked for, helps nobody. */
static gboolean has_place(const Ctl *ctl, GError **error)
{
	if (!is_to_stdout(ctl) || (!ctl->json && !isatty(STDOUT_FILENO)))
		return TRUE;
	return ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("Where to? Name the file by -o FILE."));
}

gboolean ctl_document_write(const Ctl *ctl, const char *path, GError **error)
{
	return has_place(ctl, error) && write_document(ctl, path, error);
}

/* The daemon's printer: followed to its end like any long work. */
static gboolean send_print(const Ctl *ctl, json_t *body, GError **error)
{
	const char *printer = ctl_fields_get(ctl, "printer");
	g_autoptr(CtlReply) reply = NULL;
	g_autoptr(json_t) document = NULL;

	(void) json_object_del(body, "format");
	(void) json_object_del(body, "output");
	if (strcmp(printer, "default") == 0)
		(void) json_object_del(body, "printer");
	reply = ctl_client_post(ctl->client, "/print", body, error);
	if (reply == NULL)
		return FALSE;
	document = ctl_act_tell(ctl, reply->json, error);
	if (document != NULL && ctl->json)
		ctl_output_json(document);
	return document != NULL;
}

static gboolean print_register(const Ctl *ctl, const char *name, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);

	if (body == NULL)
		return FALSE;
	(void) json_object_set_new(body, "register", json_string(name));
	return send_print(ctl, body, error);
}

static gboolean write_register(const Ctl *ctl, const char *name, const char *usual, GError **error)
{
	const char *format = ctl_fields_get(ctl, "format");
	const char *blank = ctl_fields_get(ctl, "blank") != NULL ? "&blank=true" : "";
	g_autofree char *query = ctl_fields_query(ctl, NULL, error);
	g_autofree char *path = NULL;

	if (query == NULL)
		return FALSE;
	if (format == NULL)
		format = ctl->json && is_to_stdout(ctl) ? "json" : usual;
	if (strcmp(format, "json") != 0 && strcmp(format, "csv") != 0 && !has_place(ctl, error))
		return FALSE;
	path = ctl_fields_get(ctl, "format") != NULL
		       ? g_strdup_printf("/registers/%s?%s%s", name, query, blank)
		       : g_strdup_printf("/registers/%s?%s%sformat=%s%s", name, query,
					 *query == '\0' ? "" : "&", format, blank);
	return write_document(ctl, path, error);
}

static gboolean do_register(const Ctl *ctl, const char *usual, GError **error)
{
	/* clang-format off */
	static const char *const names[] = {
		"issue",
		"card",
		"applications",
		"uncollected",
		"leavers",
		"card-check",
		"disposal",
		"losses",
		"incident",
		"configuration",
		"disclosure",
		"print-log",
		"exceptions",
		"findings",
		"works",
		"operation-analysis",
		"annual-audit",
		"annual-report",
		NULL,
	};
	/* clang-format on */
	const char *name = g_ptr_array_index(ctl->operands, 0);
	g_autofree char *all = g_strjoinv(", ", (char **) names);

	if (!g_strv_contains(names, name))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("There is no register \"%s\". There are: %s."), name,
				       all);
	if (ctl_fields_get(ctl, "printer") == NULL)
		return write_register(ctl, name, usual, error);
	return print_register(ctl, name, error) &&
	       (ctl_fields_get(ctl, "output") == NULL || write_register(ctl, name, usual, error));
}

gboolean ctl_document_register(Ctl *ctl, GError **error)
{
	return do_register(ctl, "pdf", error);
}

gboolean ctl_document_export(Ctl *ctl, GError **error)
{
	return do_register(ctl, "csv", error);
}

gboolean ctl_document_annual(Ctl *ctl, GError **error)
{
	return write_register(ctl, "annual-report", "pdf", error);
}

gboolean ctl_document_pack(Ctl *ctl, GError **error)
{
	g_autofree char *query = ctl_fields_query(ctl, NULL, error);
	g_autofree char *path = NULL;

	if (query == NULL || !has_place(ctl, error))
		return FALSE;
	path = g_strconcat(ctl->command->route, "?", query, NULL);
	return write_document(ctl, path, error);
}

static gboolean add_cards(const Ctl *ctl, GString *path, GError **error)
{
	for (guint i = 1; i < ctl->operands->len; i++) {
		g_autofree char *card =
			ctl_holder_card(ctl, g_ptr_array_index(ctl->operands, i), error);
		g_autofree char *escaped = NULL;

		if (card == NULL)
			return FALSE;
		escaped = g_uri_escape_string(card, NULL, FALSE);
		g_string_append_printf(path, "%s%s", i == 1 ? "?cards=" : ",", escaped);
	}
	return TRUE;
}

/* Forms 2, 6 and 7 are filled from an application. */
static gboolean is_application(const char *number)
{
	return strchr("267", *number) != NULL;
}

static gboolean print_on_paper(const Ctl *ctl, const char *number, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	g_autoptr(json_t) cards = json_array();

	if (body == NULL)
		return FALSE;
	if (is_application(number) && ctl->operands->len > 1) {
		(void) json_object_set_new(body, "application",
					   json_string(g_ptr_array_index(ctl->operands, 1)));
		(void) json_object_set_new(body, "form", json_integer(atoi(number)));
		return send_print(ctl, body, error);
	}
	for (guint i = 1; i < ctl->operands->len; i++) {
		g_autofree char *card =
			ctl_holder_card(ctl, g_ptr_array_index(ctl->operands, i), error);

		if (card == NULL)
			return FALSE;
		(void) json_array_append_new(cards, json_string(card));
	}
	(void) json_object_set_new(body, "form", json_integer(atoi(number)));
	if (json_array_size(cards) > 0)
		(void) json_object_set(body, "cards", cards);
	return send_print(ctl, body, error);
}

static gboolean add_application(const Ctl *ctl, GString *path)
{
	g_autofree char *escaped =
		g_uri_escape_string(g_ptr_array_index(ctl->operands, 1), NULL, FALSE);

	g_string_append_printf(path, "?application=%s", escaped);
	return TRUE;
}

gboolean ctl_document_form(Ctl *ctl, GError **error)
{
	const char *number = g_ptr_array_index(ctl->operands, 0);
	g_autoptr(GString) path = g_string_new("/forms/");
	gboolean is_printed = ctl_fields_get(ctl, "printer") != NULL;

	if (strlen(number) != 1 || strchr("1234567", *number) == NULL)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("There is no form \"%s\" to print. There are: 1 to 7."),
				       number);
	if (is_printed && !print_on_paper(ctl, number, error))
		return FALSE;
	if (is_printed && ctl_fields_get(ctl, "output") == NULL)
		return TRUE;
	g_string_append(path, number);
	return has_place(ctl, error) &&
	       (is_application(number) && ctl->operands->len > 1 ? add_application(ctl, path)
								 : add_cards(ctl, path, error)) &&
	       write_document(ctl, path->str, error);
}
