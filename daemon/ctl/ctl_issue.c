/* SPDX-License-Identifier: Apache-2.0
 * Issuing. With --application-all the cards named are taken in their order; without any each one is
 * asked for and taken from the reader. */
#include "daemon/ctl/ctl_issue.h"

#include <stdio.h>

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_holder.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_prompt.h"

static const char *text_of(const json_t *line, const char *key)
{
	return json_string_value(json_object_get(line, key));
}

/* The card for @line: the next operand, or what lies in the reader once somebody says so. */
static char *next_card(const Ctl *ctl, size_t i, const json_t *line, GError **error)
{
	const char *reader = ctl_fields_get(ctl, "reader");
	g_autofree char *question = NULL;
	g_autofree char *answer = NULL;

	if (i < ctl->operands->len)
		return ctl_holder_card(ctl, g_ptr_array_index(ctl->operands, i), error);
	question = g_strdup_printf(
		_("Put a spare card for %s %s (%s) into the reader and press Enter "
		  "(or type its number): "),
		text_of(line, "staff"), text_of(line, "name"), text_of(line, "authority"));
	answer = ctl_prompt_line(ctl, question, "CARD...", error);
	if (answer == NULL)
		return NULL;
	if (*answer != '\0')
		return ctl_holder_card(ctl, answer, error);
	return reader != NULL ? g_strconcat("@reader:", reader, NULL) : g_strdup("@reader");
}

static json_t *issue_line(const Ctl *ctl, const char *card, const json_t *line, const char *id,
			  GError **error)
{
	g_autofree char *escaped = g_uri_escape_string(card, NULL, FALSE);
	g_autofree char *path = g_strconcat("/cards/", escaped, "/issue", NULL);
	const char *reader = ctl_fields_get(ctl, "reader");
	g_autoptr(json_t) body =
		json_pack("{ss ss ss ss*}", "application", id, "staff", text_of(line, "staff"),
			  "authority", text_of(line, "authority"), "reader", reader);
	g_autoptr(CtlReply) reply = NULL;

	if (ctl->dry_run)
		(void) json_object_set_new(body, "dryRun", json_true());
	reply = ctl_client_post(ctl->client, path, body, error);
	return reply != NULL ? ctl_act_tell(ctl, reply->json, error) : NULL;
}

static gboolean issue_all(Ctl *ctl, const char *id, GError **error)
{
	g_autofree char *escaped = g_uri_escape_string(id, NULL, FALSE);
	g_autofree char *path = g_strconcat("/applications/", escaped, NULL);
	g_autoptr(json_t) application = ctl_client_get_json(ctl->client, path, error);
	g_autoptr(json_t) items = json_array();
	g_autoptr(json_t) document = json_pack("{sO}", "items", items);
	json_t *open = json_object_get(application, "openLines");
	json_t *line;
	size_t i;

	if (application == NULL)
		return FALSE;
	if (json_array_size(open) == 0)
		fprintf(stderr, _("Every line of %s has its card.\n"), id);
	json_array_foreach(open, i, line)
	{
		g_autofree char *card = NULL;
		g_autoptr(json_t) done = NULL;

		if (ctl->operands->len > 0 && i >= ctl->operands->len)
			break;
		card = next_card(ctl, i, line, error);
		done = card != NULL ? issue_line(ctl, card, line, id, error) : NULL;
		if (done == NULL)
			return FALSE;
		(void) json_array_append(items, done);
	}
	if (ctl->json)
		ctl_output_json(document);
	return TRUE;
}

gboolean ctl_issue(Ctl *ctl, GError **error)
{
	const char *all = ctl_fields_get(ctl, "application-all");
	gboolean is_named =
		ctl_fields_get(ctl, "staff") != NULL && ctl_fields_get(ctl, "authority") != NULL;

	if (all != NULL)
		return issue_all(ctl, all, error);
	if (ctl->operands->len != 1)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("opcardctl %s needs %s. opcardctl help %s explains."),
				       "issue", "CARD", "issue");
	if (!is_named && ctl_fields_get(ctl, "application") == NULL)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("For whom? Name --staff NO and --authority A, or "
					  "--application ID. opcardctl help issue explains."));
	return ctl_act_on_cards(ctl, error);
}
