/* SPDX-License-Identifier: Apache-2.0
 * From a holder's name to the card. A text with a digit and nothing a face number cannot have is
 * always taken as a number, so that no name search stands between a loss and its report. */
#include "daemon/ctl/ctl_holder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_lookup.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_prompt.h"
#include "daemon/ctl/ctl_word.h"

#define CHOICES_MAX 50
#define EXIT_DENIED 3

static char *describe(const json_t *card)
{
	static const CtlField fields[] = {
		{ "card", "", CTL_FORMAT_TEXT },
		{ "holder.section", "", CTL_FORMAT_TEXT },
		{ "holder.sectionName", "", CTL_FORMAT_TEXT },
		{ "holder.name", "", CTL_FORMAT_TEXT },
		{ "holder.staff", "", CTL_FORMAT_TEXT },
		{ "state", "", CTL_FORMAT_CARD },
	};
	g_autoptr(GString) line = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autofree char *value = ctl_output_value(card, &fields[i], TRUE);

		if (*value != '\0')
			g_string_append_printf(line, "%s%s", line->len == 0 ? "" : "  ", value);
	}
	return g_strdup(line->str);
}

static char *number_of(const json_t *card)
{
	return g_strdup(json_string_value(json_object_get(card, "card")));
}

static void print_choices(const json_t *items)
{
	json_t *item;
	size_t i;

	json_array_foreach((json_t *) items, i, item)
	{
		g_autofree char *line = describe(item);

		fprintf(stderr, "%3zu  %s\n", i + 1, line);
	}
}

static char *choose(const Ctl *ctl, const char *name, json_t *items, GError **error)
{
	g_autofree char *answer = NULL;
	char *end = NULL;
	long choice;

	fprintf(stderr, _("Several cards match \"%s\":\n"), name);
	print_choices(items);
	if (!ctl_prompt_is_possible(ctl)) {
		(void) ctl_problem_set(
			error, CTL_PROBLEM_INPUT,
			N_("\"%s\" is ambiguous: %zu cards match. Give the card number."), name,
			json_array_size(items));
		(void) ctl_problem_add(error, "cards", json_incref(items));
		return NULL;
	}
	answer = ctl_prompt_line(ctl, _("Which one (number at the left)? "), _("the card number"),
				 error);
	if (answer == NULL)
		return NULL;
	choice = strtol(answer, &end, 10);
	if (*end == '\0' && choice >= 1 && (size_t) choice <= json_array_size(items))
		return number_of(json_array_get(items, (size_t) choice - 1));
	(void) ctl_problem_set(error, CTL_PROBLEM_INPUT, N_("None was chosen; nothing was done."));
	return NULL;
}

/* Whoever does not see the cards may still report one by name (宿直). */
static char *search(const Ctl *ctl, const char *name, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
	g_autofree char *query = g_strconcat("q=", escaped, NULL);
	g_autoptr(json_t) list =
		ctl_client_get_list(ctl->client, "/cards", query, CHOICES_MAX, &failure);
	json_t *items = json_object_get(list, "items");
	g_autofree char *line = NULL;

	if (list == NULL && g_error_matches(failure, CTL_PROBLEM_DOMAIN, EXIT_DENIED))
		return ctl_lookup_card(ctl, name, error);
	if (list == NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return NULL;
	}
	if (json_array_size(items) == 0) {
		(void) ctl_problem_set(
			error, CTL_PROBLEM_NOT_FOUND,
			N_("No card's holder is called \"%s\". opcardctl card list shows "
			   "every card."),
			name);
		return NULL;
	}
	if (json_array_size(items) > 1)
		return choose(ctl, name, items, error);
	line = describe(json_array_get(items, 0));
	fprintf(stderr, "→ %s\n", line);
	return number_of(json_array_get(items, 0));
}

char *ctl_holder_card(const Ctl *ctl, const char *text, GError **error)
{
	g_autofree char *number = ctl_word_number(text);
	g_autofree char *folded = ctl_word_fold(text);

	if (number != NULL)
		return g_steal_pointer(&number);
	if (strcmp(folded, "@reader") == 0 || g_str_has_prefix(folded, "@reader:") ||
	    g_str_has_prefix(folded, "staff:"))
		return g_steal_pointer(&folded);
	if (*folded != '\0' && g_utf8_validate(folded, -1, NULL))
		return search(ctl, folded, error);
	(void) ctl_problem_set(error, CTL_PROBLEM_USAGE,
			       N_("The card is missing or not UTF-8 text."));
	return NULL;
}
