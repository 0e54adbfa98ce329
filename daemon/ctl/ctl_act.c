/* SPDX-License-Identifier: Apache-2.0
 * The straight line of a change: card → confirmation → PINs → POST → job → one line of result.
 * With --json one document is printed, with several cards {"items":[…]}. */
#include "daemon/ctl/ctl_act.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_holder.h"
#include "daemon/ctl/ctl_job.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_pin.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_prompt.h"
#include "daemon/ctl/ctl_word.h"

static gboolean is_confirmed(const Ctl *ctl, const char *card)
{
	g_auto(GStrv) given = g_strsplit(ctl->confirm, ",", -1);

	for (char **number = given; *number != NULL; number++) {
		g_autofree char *folded = ctl_word_number(*number);

		if (g_strcmp0(folded, card) == 0)
			return TRUE;
	}
	return FALSE;
}

/* The number is read from the daemon, so that what lies in a reader is confirmed by its number. */
static gboolean confirm(const Ctl *ctl, const char *path, GError **error)
{
	g_autoptr(json_t) document = ctl_client_get_json(ctl->client, path, error);
	const char *card = json_string_value(json_object_get(document, "card"));
	const char *holder =
		json_string_value(json_object_get(json_object_get(document, "holder"), "name"));
	g_autofree char *question = NULL;
	g_autofree char *answer = NULL;
	g_autofree char *number = NULL;

	if (document == NULL)
		return FALSE;
	if (ctl->confirm != NULL)
		return is_confirmed(ctl, card) ||
		       ctl_problem_set(error, CTL_PROBLEM_INPUT,
				       N_("--confirm %s does not name card %s; nothing was done."),
				       ctl->confirm, card);
	question = g_strdup_printf(
		_("This cannot be taken back: %s%s%s. Type the card number to go on: "), card,
		holder != NULL ? " " : "", holder != NULL ? holder : "");
	answer = ctl_prompt_line(ctl, question, "--confirm CARD", error);
	if (answer == NULL)
		return FALSE;
	number = ctl_word_number(answer);
	return g_strcmp0(number, card) == 0 ||
	       ctl_problem_set(error, CTL_PROBLEM_INPUT,
			       N_("The number typed is not %s; nothing was done."), card);
}

static void print_next(const Ctl *ctl, const json_t *answer, const char *card)
{
	const char *next = ctl_lang_pick(json_object_get(answer, "next"), "en", "ja");
	g_autofree char *hint = ctl->command->hint != NULL && card != NULL
					? g_strdup_printf(ctl->command->hint, card)
					: NULL;

	if (next == NULL)
		next = hint;
	if (next == NULL || ctl->json)
		return;
	fprintf(stderr, _("next: %s\n"), next);
}

static void print_card(const json_t *card)
{
	static const CtlField number = { "card", "", CTL_FORMAT_TEXT };
	static const CtlField state = { "state", "", CTL_FORMAT_CARD };
	static const CtlField holder = { "holder.name", "", CTL_FORMAT_TEXT };
	g_autofree char *number_text = ctl_output_value(card, &number, TRUE);
	g_autofree char *state_text = ctl_output_value(card, &state, TRUE);
	g_autofree char *holder_text = ctl_output_value(card, &holder, TRUE);

	printf("%s  %s%s%s\n", number_text, state_text, *holder_text == '\0' ? "" : "  ",
	       holder_text);
}

static void print_steps(const json_t *answer)
{
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(answer, "steps"), i, step)
	{
		const char *text = ctl_lang_pick(step, "en", "ja");

		if (text != NULL)
			fprintf(stderr, "  %s\n", text);
	}
}

static void print_confirm(const json_t *answer, const char *id)
{
	const char *text = ctl_lang_pick(answer, "en", "ja");

	printf("%s\n", text != NULL ? text : _("A second person must confirm."));
	fprintf(stderr, _("next: %s\n"), _("the second person confirms with the command below"));
	fprintf(stderr, "  opcardctl confirm %s\n", id);
}

static json_t *tell_job(const Ctl *ctl, const char *id, GError **error)
{
	g_autoptr(json_t) job = ctl_job_follow(ctl, id, error);
	json_t *card = json_object_get(job, "result");

	if (job == NULL)
		return NULL;
	if (!ctl->json && json_is_object(card))
		print_card(card);
	print_next(ctl, job, json_string_value(json_object_get(card, "card")));
	return g_steal_pointer(&job);
}

json_t *ctl_act_tell(const Ctl *ctl, json_t *answer, GError **error)
{
	const char *would = ctl_lang_pick(json_object_get(answer, "would"), "en", "ja");
	const char *second = json_string_value(json_object_get(answer, "confirm"));
	const char *job = json_string_value(json_object_get(answer, "job"));
	json_t *card = json_object_get(answer, "card");
	const char *file =
		json_string_value(json_object_get(json_object_get(answer, "case"), "id"));

	if (job != NULL)
		return tell_job(ctl, job, error);
	print_steps(answer);
	if (ctl->json)
		return json_incref(answer);
	if (would != NULL)
		printf(_("Dry run: %s\n"), would);
	else if (second != NULL)
		print_confirm(answer, second);
	else if (json_is_object(card))
		print_card(card);
	else if (file != NULL)
		printf("%s\n", file);
	else
		printf("%s\n", ctl->dry_run ? _("Dry run: this would be done.") : _("Done."));
	if (would == NULL && second == NULL)
		print_next(ctl, answer, json_string_value(json_object_get(card, "card")));
	return json_incref(answer);
}

static json_t *act(const Ctl *ctl, const char *operand, GError **error)
{
	g_autofree char *card = ctl_holder_card(ctl, operand, error);
	g_autofree char *escaped = card == NULL ? NULL : g_uri_escape_string(card, NULL, FALSE);
	g_auto(GStrv) around = g_strsplit(ctl->command->route, "{card}", 2);
	g_autofree char *path = NULL;
	g_autofree char *show = NULL;
	g_autoptr(json_t) fields = NULL;
	g_autoptr(CtlSecret) body = NULL;
	g_autoptr(CtlReply) reply = NULL;

	if (card == NULL || (fields = ctl_fields_body(ctl, error)) == NULL)
		return NULL;
	path = g_strconcat(around[0], escaped, around[1], NULL);
	show = g_strconcat("/cards/", escaped, NULL);
	/* The cards of a session were fixed, and shown, when it began. */
	if (ctl->command->is_irreversible && !ctl->dry_run &&
	    ctl_fields_get(ctl, "session") == NULL && !confirm(ctl, show, error))
		return NULL;
	if (g_str_has_suffix(ctl->command->operands, " PLACE"))
		(void) json_object_set_new(fields, "place",
					   json_string(g_ptr_array_index(ctl->operands, 1)));
	body = ctl_pin_body(ctl, card, fields, error);
	if (body == NULL)
		return NULL;
	reply = ctl_client_post_secret(ctl->client, path, body, error);
	return reply == NULL ? NULL : ctl_act_tell(ctl, reply->json, error);
}

static void keep_failure(const Ctl *ctl, json_t *items, const char *operand, const GError *failure)
{
	(void) json_array_append_new(items, json_pack("{ss sO}", "card", operand, "problem",
						      ctl_problem_document(failure)));
	if (!ctl->json)
		ctl_problem_print(failure, NULL);
}

static void act_on_several(Ctl *ctl)
{
	g_autoptr(json_t) items = json_array();
	g_autoptr(json_t) document = json_pack("{sO}", "items", items);
	guint failed = 0;
	int exit_code = 0;

	for (guint i = 0; i < ctl->operands->len; i++) {
		const char *operand = g_ptr_array_index(ctl->operands, i);
		g_autoptr(GError) failure = NULL;
		json_t *result = act(ctl, operand, &failure);

		if (result != NULL) {
			(void) json_array_append_new(items, result);
			continue;
		}
		keep_failure(ctl, items, operand, failure);
		exit_code = ctl_problem_exit(failure);
		failed++;
	}
	if (ctl->json)
		ctl_output_json(document);
	else if (failed > 0)
		fprintf(stderr, _("%u of %u cards could not be done.\n"), failed,
			ctl->operands->len);
	if (failed > 0)
		ctl->exit_code = failed < ctl->operands->len ? 8 : exit_code;
}

gboolean ctl_act_on_cards(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) document = NULL;

	if (ctl->operands->len > 1 && !g_str_has_suffix(ctl->command->operands, " PLACE")) {
		act_on_several(ctl);
		return TRUE;
	}
	document = act(ctl, g_ptr_array_index(ctl->operands, 0), error);
	if (document == NULL)
		return FALSE;
	if (ctl->json)
		ctl_output_json(document);
	return TRUE;
}

/* {case} and the like stand for the one operand. */
static char *route_of(const Ctl *ctl)
{
	g_auto(GStrv) around = g_strsplit_set(ctl->command->route, "{}", 3);
	g_autofree char *operand = NULL;
	g_autofree char *escaped = NULL;

	if (around[1] == NULL)
		return g_strdup(ctl->command->route);
	operand = ctl_word_fold(g_ptr_array_index(ctl->operands, 0));
	escaped = g_uri_escape_string(operand, NULL, FALSE);
	return g_strconcat(around[0], escaped, around[2], NULL);
}

gboolean ctl_act_once(Ctl *ctl, GError **error)
{
	g_autofree char *route = route_of(ctl);
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	g_autoptr(CtlReply) reply = NULL;
	g_autoptr(json_t) document = NULL;

	if (body == NULL)
		return FALSE;
	reply = ctl_client_post(ctl->client, route, body, error);
	if (reply == NULL)
		return FALSE;
	document = ctl_act_tell(ctl, reply->json, error);
	if (document != NULL && ctl->json)
		ctl_output_json(document);
	return document != NULL;
}
