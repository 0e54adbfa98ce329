/* SPDX-License-Identifier: Apache-2.0
 * Without -o and --format the register is a PDF for a pipe, or JSON when --json asks for it. */
#include "daemon/ctl/ctl_document.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

gboolean ctl_document_register(Ctl *ctl, GError **error)
{
	const char *name = g_ptr_array_index(ctl->operands, 0);
	const char *format = ctl_fields_get(ctl, "format");
	g_autofree char *query = ctl_fields_query(ctl, NULL, error);
	g_autofree char *path = NULL;

	if (query == NULL)
		return FALSE;
	if (strcmp(name, "issue") != 0 && strcmp(name, "card") != 0)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("There is no register \"%s\". There are: issue, card."),
				       name);
	if (format == NULL && ctl->json && is_to_stdout(ctl))
		format = "json";
	else if (format == NULL)
		format = "pdf";
	if (strcmp(format, "json") != 0 && !has_place(ctl, error))
		return FALSE;
	path = ctl_fields_get(ctl, "format") != NULL
		       ? g_strdup_printf("/registers/%s?%s", name, query)
		       : g_strdup_printf("/registers/%s?%s%sformat=%s", name, query,
					 *query == '\0' ? "" : "&", format);
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

gboolean ctl_document_form(Ctl *ctl, GError **error)
{
	const char *number = g_ptr_array_index(ctl->operands, 0);
	g_autoptr(GString) path = g_string_new("/forms/");

	if (strlen(number) != 1 || strchr("345", *number) == NULL)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("There is no form \"%s\" to print. There are: 3, 4, 5."),
				       number);
	g_string_append(path, number);
	return has_place(ctl, error) && add_cards(ctl, path, error) &&
	       write_document(ctl, path->str, error);
}
