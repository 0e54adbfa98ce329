/* SPDX-License-Identifier: Apache-2.0
 * What an option's META says decides how its value is written to the API. */
#include "daemon/ctl/ctl_fields.h"

#include <string.h>

#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_date.h"
#include "daemon/ctl/ctl_holder.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_option.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_word.h"

const char *ctl_fields_get(const Ctl *ctl, const char *name)
{
	return g_hash_table_lookup(ctl->options, name);
}

static char *upper(char *text)
{
	for (char *at = text; *at != '\0'; at++)
		*at = g_ascii_toupper(*at);
	return text;
}

/* NULL: the value is not what META says. A CARD sets *error itself. */
static char *convert(const Ctl *ctl, const CtlOption *option, const char *value, GError **error)
{
	if (!g_utf8_validate(value, -1, NULL))
		return NULL;
	if (strcmp(option->meta, "DATE") == 0)
		return ctl_date_parse(value);
	if (strcmp(option->meta, "TIME") == 0)
		return ctl_date_parse_time(value);
	if (strcmp(option->meta, "CARD") == 0)
		return ctl_holder_card(ctl, value, error);
	if (strcmp(option->meta, "NO") == 0)
		return ctl_word_fold(value);
	if (strcmp(option->meta, "STATE") == 0)
		return ctl_word_code(CTL_WORDS_CARD, value);
	if (strcmp(option->meta, "REASON") == 0)
		return upper(ctl_word_code(CTL_WORDS_REASON, value));
	if (strcmp(option->meta, "KIND") == 0)
		return ctl_word_code(CTL_WORDS_KIND, value);
	if (strcmp(option->meta, "N") == 0 && value[strspn(value, "0123456789")] != '\0')
		return NULL;
	return g_strdup(value);
}

static char *checked(const Ctl *ctl, const CtlOption *option, const char *value, GError **error)
{
	g_autoptr(GError) inner = NULL;
	char *text = convert(ctl, option, value, &inner);

	if (inner != NULL)
		g_propagate_error(error, g_steal_pointer(&inner));
	else if (text == NULL && strcmp(option->meta, "TIME") == 0)
		(void) ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("--%s: \"%s\" is not a time. Write 2026-04-01 09:30 or "
					  "R8.4.1 09:30."),
				       option->name, value);
	else if (text == NULL && strcmp(option->meta, "DATE") == 0)
		(void) ctl_problem_set(
			error, CTL_PROBLEM_USAGE,
			N_("--%s: \"%s\" is not a date. Write 2026-04-01, 2026/4/1 or R8.4.1."),
			option->name, value);
	else if (text == NULL)
		(void) ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("--%s: \"%s\" cannot be used."),
				       option->name, value);
	return text;
}

json_t *ctl_fields_body(const Ctl *ctl, GError **error)
{
	g_autoptr(json_t) body = json_object();
	const char *cursor = ctl->command->options;
	CtlOption option;

	while (ctl_option_next(&cursor, &option)) {
		const char *value = ctl_fields_get(ctl, option.name);
		g_autofree char *text = NULL;

		if (value == NULL)
			continue;
		if (option.meta[0] == '\0') {
			(void) json_object_set_new(body, option.field, json_true());
			continue;
		}
		text = checked(ctl, &option, value, error);
		if (text == NULL)
			return NULL;
		(void) json_object_set_new(body, option.field, json_string(text));
	}
	if (ctl->dry_run)
		(void) json_object_set_new(body, "dryRun", json_true());
	return g_steal_pointer(&body);
}

static void add(GString *query, const char *key, const char *value)
{
	g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);

	g_string_append_printf(query, "%s%s=%s", query->len == 0 ? "" : "&", key, escaped);
}

char *ctl_fields_query(const Ctl *ctl, const char *q, GError **error)
{
	g_autoptr(GString) query = g_string_new(NULL);
	const char *cursor = ctl->command->options;
	CtlOption option;

	if (q != NULL)
		add(query, "q", q);
	while (ctl_option_next(&cursor, &option)) {
		const char *value = ctl_fields_get(ctl, option.name);
		g_autofree char *text = NULL;

		if (value == NULL || option.meta[0] == '\0' || strcmp(option.field, "limit") == 0 ||
		    strcmp(option.meta, "FILE") == 0 || strcmp(option.meta, "PRINTER") == 0)
			continue;
		text = checked(ctl, &option, value, error);
		if (text == NULL)
			return NULL;
		add(query, option.field, text);
	}
	return g_strdup(query->str);
}
