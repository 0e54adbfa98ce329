/* SPDX-License-Identifier: Apache-2.0
 * Asks again behind the last card until there is a match or no more cards; the daemon looks at a
 * few at a time only. */
#include "daemon/ctl/ctl_lookup.h"

#include <stdio.h>

#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_prompt.h"

/* The answer with a match, or the last one without. */
static json_t *ask(const Ctl *ctl, const char *name, const char *after, GError **error)
{
	g_autofree char *part = g_uri_escape_string(name, NULL, FALSE);
	g_autoptr(json_t) answer = NULL;

	do {
		const char *last =
			answer != NULL ? json_string_value(json_object_get(answer, "next")) : after;
		g_autofree char *from =
			last != NULL ? g_uri_escape_string(last, NULL, FALSE) : NULL;
		g_autofree char *path =
			g_strconcat("/lookup?q=", part, from != NULL ? "&after=" : "",
				    from != NULL ? from : "", NULL);

		json_decref(answer);
		answer = ctl_client_get_json(ctl->client, path, error);
	} while (answer != NULL && json_is_null(json_object_get(answer, "match")) &&
		 json_is_string(json_object_get(answer, "next")));
	return g_steal_pointer(&answer);
}

static void print(const json_t *match, FILE *to)
{
	static const CtlField fields[] = {
		{ "card", "", CTL_FORMAT_TEXT },
		{ "section", "", CTL_FORMAT_TEXT },
		{ "sectionName", "", CTL_FORMAT_TEXT },
		{ "name", "", CTL_FORMAT_TEXT },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autofree char *value = ctl_output_value(match, &fields[i], TRUE);

		fprintf(to, "%s%s", i > 0 && *value != '\0' ? "  " : "", value);
	}
	fputc('\n', to);
}

static gboolean set_nobody(const char *name, GError **error)
{
	return ctl_problem_set(error, CTL_PROBLEM_NOT_FOUND,
			       N_("No card that could be reported has a holder called \"%s\"."),
			       name);
}

gboolean ctl_lookup_show(Ctl *ctl, GError **error)
{
	const char *name = g_ptr_array_index(ctl->operands, 0);
	g_autoptr(json_t) answer = ask(ctl, name, ctl_fields_get(ctl, "after"), error);
	json_t *match = json_object_get(answer, "match");

	if (answer == NULL)
		return FALSE;
	if (!json_is_object(match))
		return set_nobody(name, error);
	if (ctl->json) {
		ctl_output_json(answer);
		return TRUE;
	}
	print(match, stdout);
	fprintf(stderr, _("next: %s\n"), _("another person of that name"));
	fprintf(stderr, "  opcardctl lookup %s --after %s\n", name,
		json_string_value(json_object_get(match, "card")));
	return TRUE;
}

/* 1 yes, 0 no, -1 nobody answers. */
static int is_this_one(const Ctl *ctl, const json_t *match, GError **error)
{
	g_autofree char *answer = NULL;

	print(match, stderr);
	answer = ctl_prompt_line(ctl, _("Is it this one (y/n)? "), _("the card number"), error);
	if (answer == NULL)
		return -1;
	return g_ascii_strcasecmp(answer, "y") == 0 || g_strcmp0(answer, "はい") == 0;
}

static char *only_match(const Ctl *ctl, const char *name, const json_t *match, GError **error)
{
	const char *card = json_string_value(json_object_get(match, "card"));
	g_autoptr(json_t) more = ask(ctl, name, card, error);

	if (more == NULL)
		return NULL;
	if (!json_is_object(json_object_get(more, "match")))
		return g_strdup(card);
	(void) ctl_problem_set(
		error, CTL_PROBLEM_INPUT,
		N_("Several holders are called \"%s\". Give the card number, or more "
		   "of the name."),
		name);
	return NULL;
}

char *ctl_lookup_card(const Ctl *ctl, const char *name, GError **error)
{
	g_autoptr(json_t) answer = ask(ctl, name, NULL, error);

	while (answer != NULL && json_is_object(json_object_get(answer, "match"))) {
		json_t *match = json_object_get(answer, "match");
		const char *card = json_string_value(json_object_get(match, "card"));
		json_t *more;
		int chosen;

		if (!ctl_prompt_is_possible(ctl))
			return only_match(ctl, name, match, error);
		chosen = is_this_one(ctl, match, error);
		if (chosen != 0)
			return chosen > 0 ? g_strdup(card) : NULL;
		more = ask(ctl, name, card, error);
		json_decref(answer);
		answer = more;
	}
	if (answer != NULL)
		(void) set_nobody(name, error);
	return NULL;
}
