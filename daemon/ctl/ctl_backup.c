/* SPDX-License-Identifier: Apache-2.0
 * The daemon makes and seals the backup in its own folder; with -o the sealed file is fetched. */
#include "daemon/ctl/ctl_backup.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"

static gboolean fetch(const Ctl *ctl, const json_t *made, const char *file, GError **error)
{
	const char *name = json_string_value(json_object_get(made, "backup"));
	g_autofree char *path = g_strconcat("/backups/", name, NULL);
	g_autoptr(CtlReply) reply = ctl_client_get(ctl->client, path, error);
	mode_t before;
	gboolean is_done;

	if (reply == NULL)
		return FALSE;
	before = umask(0077);
	is_done = ctl_output_file(file, reply->body->data, reply->body->len, error);
	umask(before);
	return is_done;
}

static void tell(const Ctl *ctl, const json_t *made, const char *file)
{
	const char *path = json_string_value(json_object_get(made, "file"));
	const json_t *ledger = json_object_get(made, "ledger");
	gboolean is_stdout = g_strcmp0(file, "-") == 0;

	if (ctl->json && !is_stdout) {
		ctl_output_json(made);
		return;
	}
	fprintf(is_stdout ? stderr : stdout, _("Backup: %s (%lld bytes, %lld ledger records)\n"),
		file != NULL && !is_stdout ? file : path,
		(long long) json_integer_value(json_object_get(made, "bytes")),
		(long long) json_integer_value(json_object_get(ledger, "count")));
	fprintf(stderr, _("next: %s\n"),
		_("carry it off the site, and try it there: opcardd --restore FILE --key KEY "
		  "--dry-run"));
}

gboolean ctl_backup_make(Ctl *ctl, GError **error)
{
	const char *file = ctl_fields_get(ctl, "output");
	g_autoptr(json_t) body = json_object();
	g_autoptr(json_t) document = NULL;
	g_autoptr(CtlReply) reply = NULL;

	if (g_strcmp0(file, "-") == 0 && (ctl->json || isatty(STDOUT_FILENO)))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("Where to? Name the file by -o FILE."));
	reply = ctl_client_post(ctl->client, ctl->command->route, body, error);
	if (reply == NULL)
		return FALSE;
	if (ctl->dry_run) {
		document = ctl_act_tell(ctl, reply->json, error);
		if (document != NULL && ctl->json)
			ctl_output_json(document);
		return document != NULL;
	}
	if (file != NULL && !fetch(ctl, reply->json, file, error))
		return FALSE;
	tell(ctl, reply->json, file);
	return TRUE;
}
