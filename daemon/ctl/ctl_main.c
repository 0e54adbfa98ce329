/* SPDX-License-Identifier: Apache-2.0
 * opcardctl: reads the command line, does the one command, tells what went wrong. With --json
 * stdout holds one JSON document whatever happens. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl.h"
#include "daemon/ctl/ctl_args.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_help.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_secret.h"

#define DEFAULT_SOCKET "/run/opcard/opcardd.sock"

static gboolean run(Ctl *ctl, GError **error)
{
	if (ctl->version) {
		printf("opcardctl %s\n", OPCARD_VERSION);
		return TRUE;
	}
	if (ctl->list_commands) {
		ctl_help_list();
		return TRUE;
	}
	if (ctl->help && ctl->command == NULL)
		return ctl_help_run(ctl, error);
	if (ctl->help) {
		ctl_help_command(ctl->command);
		return TRUE;
	}
	ctl->client = ctl_client_new(ctl);
	return ctl->command->run(ctl, error);
}

static int report(const Ctl *ctl, const GError *error)
{
	const char *file = json_string_value(json_object_get(ctl_problem_document(error), "file"));

	if (ctl->json)
		ctl_output_json(ctl_problem_document(error));
	else
		ctl_problem_print(error, file);
	return ctl_problem_exit(error);
}

/* A full disk behind stdout must not look like success. */
static int end(const Ctl *ctl, int exit_code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return exit_code;
	if (!ctl->json)
		fprintf(stderr, "opcardctl: %s\n", _("stdout cannot be written"));
	return exit_code == 0 ? 1 : exit_code;
}

static const char *from_environment(const char *name)
{
	const char *value = g_getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) operands = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) options =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *socket = from_environment("OPCARD_SOCKET");
	Ctl ctl = { .socket = socket != NULL ? socket : DEFAULT_SOCKET,
		    .server = from_environment("OPCARD_SERVER"),
		    .cert = from_environment("OPCARD_CERT"),
		    .key = from_environment("OPCARD_KEY"),
		    .cacert = from_environment("OPCARD_CACERT"),
		    .pin_fd = -1,
		    .operands = operands,
		    .options = options };
	g_autoptr(GError) error = NULL;
	int exit_code;

	ctl_secret_erase_libraries();
	ctl_lang_init();
	if (ctl_args_parse(&ctl, argc, argv, &error) && run(&ctl, &error))
		exit_code = ctl.exit_code;
	else
		exit_code = report(&ctl, error);
	ctl_client_free(ctl.client);
	return end(&ctl, exit_code);
}
