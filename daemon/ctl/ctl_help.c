/* SPDX-License-Identifier: Apache-2.0
 * What the rows say about themselves. The zsh script is the bash one through bashcompinit. */
#include "daemon/ctl/ctl_help.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_command.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_option.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"

static const CtlField columns[] = {
	{ "command", "", CTL_FORMAT_TEXT },
	{ "help", "", CTL_FORMAT_TEXT },
	{ NULL },
};

static void print_group(json_t *group)
{
	ctl_output_lines(group, columns);
	(void) json_array_clear(group);
}

static void print_all(void)
{
	gsize count;
	const CtlCommand *table = ctl_command_table(&count);
	g_autoptr(json_t) group = json_array();

	printf("%s\n",
	       _("Usage: opcardctl [--socket PATH] [--json] [--dry-run] [--no-input] COMMAND …"));
	for (gsize i = 0; i < count; i++) {
		g_autofree char *usage = NULL;

		if (table[i].words == NULL) {
			print_group(group);
			printf("\n%s\n", _(table[i].help));
			continue;
		}
		usage = g_strdup_printf("  %s %s", table[i].words, table[i].operands);
		(void) json_array_append_new(
			group, json_pack("{ss ss}", "command", usage, "help", _(table[i].help)));
	}
	print_group(group);
	printf("\n%s\n", _("CARD is a face number, @reader, @reader:NAME, --staff NO, or part of "
			   "the holder's name.\n"
			   "opcardctl help COMMAND shows the options of one command."));
}

static void print_options(const char *options, const char *heading)
{
	CtlOption option;

	if (*options != '\0')
		printf("\n%s\n", heading);
	while (ctl_option_next(&options, &option))
		printf("  --%s%s%s%s\n", option.name, option.meta[0] == '\0' ? "" : " ",
		       option.meta, option.is_required ? _("   (required)") : "");
}

void ctl_help_command(const CtlCommand *command)
{
	printf("opcardctl %s %s\n\n%s\n", command->words, command->operands, _(command->help));
	print_options(command->options, _("Options:"));
	print_options(ctl_option_global(), _("Options of every command:"));
	if (command->secrets != CTL_SECRETS_NONE)
		printf("\n%s\n",
		       _("PINs are typed at the terminal, or read from --pin-fd N, one a line."));
	if (command->is_irreversible)
		printf("\n%s\n", _("This cannot be taken back: the card number is asked for, or "
				   "--confirm CARD."));
}

gboolean ctl_help_run(Ctl *ctl, GError **error)
{
	g_autofree char *words = NULL;
	const CtlCommand *command = NULL;

	if (ctl->operands->len == 0) {
		print_all();
		return TRUE;
	}
	g_ptr_array_add(ctl->operands, NULL);
	words = g_strjoinv(" ", (char **) ctl->operands->pdata);
	g_ptr_array_set_size(ctl->operands, (int) ctl->operands->len - 1);
	command = ctl_command_find(words);
	if (command != NULL) {
		ctl_help_command(command);
		return TRUE;
	}
	g_free(words);
	words = ctl_command_words(g_ptr_array_index(ctl->operands, 0));
	if (words != NULL && ctl->operands->len == 1) {
		printf("opcardctl %s: %s\n", (char *) g_ptr_array_index(ctl->operands, 0), words);
		return TRUE;
	}
	return ctl_problem_set(error, CTL_PROBLEM_USAGE,
			       N_("Unknown command \"%s\". opcardctl help lists the commands."),
			       (char *) g_ptr_array_index(ctl->operands, 0));
}

void ctl_help_list(void)
{
	gsize count;
	const CtlCommand *table = ctl_command_table(&count);

	for (gsize i = 0; i < count; i++) {
		if (table[i].words != NULL)
			printf("%s\t%s\n", table[i].words,
			       table[i].event != NULL ? table[i].event : "-");
	}
}

static void print_option_words(const char *options)
{
	CtlOption option;

	while (ctl_option_next(&options, &option))
		printf(" --%s", option.name);
}

static void print_first_words(const CtlCommand *table, gsize count)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (gsize i = 0; i < count; i++) {
		g_autofree char *first =
			table[i].words == NULL
				? NULL
				: g_strndup(table[i].words, strcspn(table[i].words, " "));

		if (first != NULL && !g_hash_table_contains(seen, first)) {
			printf(" %s", first);
			g_hash_table_add(seen, g_steal_pointer(&first));
		}
	}
}

static void print_cases(const CtlCommand *table, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		if (table[i].words == NULL)
			continue;
		printf("\t'%s') words=\"", table[i].words);
		print_option_words(table[i].options);
		printf("\" ;;\n");
	}
}

static void print_second_words(const CtlCommand *table, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		g_autofree char *first = NULL;
		g_autofree char *words = NULL;

		if (table[i].words == NULL || strchr(table[i].words, ' ') == NULL)
			continue;
		first = g_strndup(table[i].words, strcspn(table[i].words, " "));
		if (i > 0 && table[i - 1].words != NULL &&
		    g_str_has_prefix(table[i - 1].words, first))
			continue;
		words = ctl_command_words(first);
		g_strdelimit(words, ",", ' ');
		printf("\t'%s') words=\"%s\" ;;\n", first, words);
	}
}

gboolean ctl_help_completion(Ctl *ctl, GError **error)
{
	gsize count;
	const CtlCommand *table = ctl_command_table(&count);
	const char *shell = g_ptr_array_index(ctl->operands, 0);

	if (strcmp(shell, "bash") != 0 && strcmp(shell, "zsh") != 0)
		return ctl_problem_set(
			error, CTL_PROBLEM_USAGE,
			N_("There is no completion for \"%s\". There are: bash, zsh."), shell);
	if (strcmp(shell, "zsh") == 0)
		printf("#compdef opcardctl\nautoload -U +X bashcompinit && bashcompinit\n");
	printf("_opcardctl()\n{\n"
	       "\tlocal at=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\" global=\"");
	print_option_words(ctl_option_global());
	printf("\"\n\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords=\"");
	print_first_words(table, count);
	printf("\"\n\telse\n\tcase \"${COMP_WORDS[1]}\" in\n");
	print_second_words(table, count);
	printf("\tesac\n\t[ \"$COMP_CWORD\" -eq 2 ] || words=\"\"\n"
	       "\tcase \"${COMP_WORDS[1]}\" in\n");
	print_cases(table, count);
	printf("\tesac\n\tcase \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n");
	print_cases(table, count);
	printf("\tesac\n\tfi\n\tcase \"$at\" in -*) words=\"$words $global\" ;; esac\n"
	       "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$at\"))\n"
	       "\t[ -n \"$words\" ] || COMPREPLY=($(compgen -f -- \"$at\"))\n"
	       "}\ncomplete -F _opcardctl opcardctl\n");
	return TRUE;
}
