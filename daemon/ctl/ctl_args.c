/* SPDX-License-Identifier: Apache-2.0
 * Reads argv by the command's own row. `--staff NO` stands for the operand CARD where the command
 * has no --staff of its own. */
#include "daemon/ctl/ctl_args.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/ctl_command.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_option.h"
#include "daemon/ctl/ctl_problem.h"

typedef struct Args {
	Ctl *ctl;
	char **at;
	char **end;
	const char *first_word; /* of a command of two words */
	gboolean is_operands;   /* behind -- */
} Args;

static gboolean set_number(const char *text, int *ret_number)
{
	char *end = NULL;
	long number = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || number < 0 || number > 1024)
		return FALSE;
	*ret_number = (int) number;
	return TRUE;
}

/* FALSE: not a global option. */
static gboolean take_global(Ctl *ctl, const char *name, const char *value)
{
	if (strcmp(name, "json") == 0)
		ctl->json = TRUE;
	else if (strcmp(name, "dry-run") == 0)
		ctl->dry_run = TRUE;
	else if (strcmp(name, "no-input") == 0)
		ctl->no_input = TRUE;
	else if (strcmp(name, "help") == 0)
		ctl->help = TRUE;
	else if (strcmp(name, "version") == 0)
		ctl->version = TRUE;
	else if (strcmp(name, "list-commands") == 0)
		ctl->list_commands = TRUE;
	else if (strcmp(name, "socket") == 0)
		ctl->socket = value;
	else if (strcmp(name, "server") == 0)
		ctl->server = value;
	else if (strcmp(name, "cert") == 0)
		ctl->cert = value;
	else if (strcmp(name, "key") == 0)
		ctl->key = value;
	else if (strcmp(name, "cacert") == 0)
		ctl->cacert = value;
	else if (strcmp(name, "confirm") == 0)
		ctl->confirm = value;
	else
		return strcmp(name, "pin-fd") == 0 && set_number(value, &ctl->pin_fd);
	return TRUE;
}

static gboolean takes_card(const CtlCommand *command)
{
	return command != NULL && g_str_has_prefix(command->operands, "CARD");
}

/* FALSE if neither everybody nor this command has that option. */
static gboolean find_option(const Ctl *ctl, const char *name, CtlOption *ret_option)
{
	if (ctl->command != NULL && ctl_option_find(ctl->command->options, name, ret_option))
		return TRUE;
	if (takes_card(ctl->command) && strcmp(name, "staff") == 0)
		return ctl_option_find("--staff=NO", name, ret_option);
	return ctl_option_find(ctl_option_global(), name, ret_option);
}

static gboolean is_own(const Ctl *ctl, const char *name)
{
	CtlOption option;

	return ctl->command != NULL && ctl_option_find(ctl->command->options, name, &option);
}

static gboolean keep_option(Ctl *ctl, const CtlOption *option, const char *value, GError **error)
{
	if (is_own(ctl, option->name)) {
		if (g_hash_table_contains(ctl->options, option->name))
			return ctl_problem_set(error, CTL_PROBLEM_USAGE,
					       N_("--%s stands there twice."), option->name);
		g_hash_table_insert(ctl->options, g_strdup(option->name), (void *) value);
		return TRUE;
	}
	if (strcmp(option->name, "staff") == 0) {
		g_ptr_array_insert(ctl->operands, 0, g_strconcat("staff:", value, NULL));
		return TRUE;
	}
	return take_global(ctl, option->name, value) ||
	       ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("--%s: \"%s\" cannot be used."),
			       option->name, value);
}

static gboolean take_option(Args *args, const char *argument, GError **error)
{
	const char *equals = strchr(argument, '=');
	const char *value = equals == NULL ? NULL : equals + 1;
	g_autofree char *name = NULL;
	CtlOption option;

	if (strcmp(argument, "-o") == 0)
		name = g_strdup("output");
	else if (strcmp(argument, "-h") == 0)
		name = g_strdup("help");
	else if (g_str_has_prefix(argument, "--"))
		name = equals == NULL ? g_strdup(argument + 2)
				      : g_strndup(argument + 2, (gsize) (equals - argument - 2));
	if (name == NULL || !find_option(args->ctl, name, &option))
		return ctl_problem_set(
			error, CTL_PROBLEM_USAGE,
			N_("Unknown option %s. opcardctl help %s shows the options."), argument,
			args->ctl->command != NULL ? args->ctl->command->words : "");
	if (option.meta[0] == '\0' && value != NULL)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("--%s takes no value."), name);
	if (option.meta[0] != '\0' && value == NULL) {
		if (args->at == args->end)
			return ctl_problem_set(error, CTL_PROBLEM_USAGE,
					       N_("--%s needs a value (%s)."), name, option.meta);
		value = *args->at++;
	}
	return keep_option(args->ctl, &option, value == NULL ? "" : value, error);
}

static gboolean set_unknown(const char *first, const char *second, GError **error)
{
	g_autofree char *words = ctl_command_words(first);

	if (words != NULL)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("opcardctl %s needs one more word. There are: %s"), first,
				       words);
	return ctl_problem_set(error, CTL_PROBLEM_USAGE,
			       N_("Unknown command \"%s%s%s\". opcardctl help lists the commands."),
			       first, second == NULL ? "" : " ", second == NULL ? "" : second);
}

static gboolean take_word(Args *args, char *word, GError **error)
{
	g_autofree char *both = NULL;

	if (args->ctl->command != NULL) {
		g_ptr_array_add(args->ctl->operands, g_strdup(word));
		return TRUE;
	}
	if (args->first_word != NULL) {
		both = g_strdup_printf("%s %s", args->first_word, word);
		args->ctl->command = ctl_command_find(both);
		return args->ctl->command != NULL || set_unknown(args->first_word, word, error);
	}
	args->ctl->command = ctl_command_find(word);
	if (args->ctl->command == NULL && !ctl_command_is_first(word))
		return set_unknown(word, NULL, error);
	args->first_word = word;
	return TRUE;
}

static gboolean check_operands(const Ctl *ctl, GError **error)
{
	g_auto(GStrv) words = g_strsplit(ctl->command->operands, " ", -1);
	guint needed = 0;
	guint allowed = 0;

	for (char **word = words; *word != NULL && **word != '\0'; word++) {
		needed += **word != '[';
		allowed = strstr(*word, "...") != NULL ? G_MAXUINT : allowed + 1;
	}
	if (ctl->operands->len < needed)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("opcardctl %s needs %s. opcardctl help %s explains."),
				       ctl->command->words, ctl->command->operands,
				       ctl->command->words);
	if (ctl->operands->len > allowed)
		return ctl_problem_set(
			error, CTL_PROBLEM_USAGE,
			N_("opcardctl %s: \"%s\" is too much. opcardctl help %s explains."),
			ctl->command->words,
			(const char *) g_ptr_array_index(ctl->operands, allowed),
			ctl->command->words);
	return TRUE;
}

static gboolean check_required(const Ctl *ctl, GError **error)
{
	const char *cursor = ctl->command->options;
	CtlOption option;

	while (ctl_option_next(&cursor, &option)) {
		if (option.is_required && !g_hash_table_contains(ctl->options, option.name))
			return ctl_problem_set(
				error, CTL_PROBLEM_USAGE,
				N_("opcardctl %s needs --%s %s. opcardctl help %s explains."),
				ctl->command->words, option.name, option.meta, ctl->command->words);
	}
	return TRUE;
}

gboolean ctl_args_parse(Ctl *ctl, int argc, char **argv, GError **error)
{
	Args args = { .ctl = ctl, .at = argv + MIN(argc, 1), .end = argv + argc };

	while (args.at < args.end) {
		char *argument = *args.at++;

		if (!args.is_operands && strcmp(argument, "--") == 0) {
			args.is_operands = TRUE;
			continue;
		}
		if (!args.is_operands && argument[0] == '-' && argument[1] != '\0'
			    ? !take_option(&args, argument, error)
			    : !take_word(&args, argument, error))
			return FALSE;
	}
	if (ctl->help || ctl->version || ctl->list_commands)
		return TRUE;
	if (ctl->command == NULL)
		return args.first_word != NULL
			       ? set_unknown(args.first_word, NULL, error)
			       : ctl_problem_set(error, CTL_PROBLEM_USAGE,
						 N_("What shall be done? opcardctl help "
						    "lists the commands."));
	return check_operands(ctl, error) && check_required(ctl, error);
}
