/* SPDX-License-Identifier: Apache-2.0
 * Changes of records: the number of the record is printed, so that a script can go on with it. */
#include "daemon/ctl/ctl_record.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_word.h"

static char *path_of(const Ctl *ctl)
{
	const char *route = ctl->command->route;
	g_autofree char *id = NULL;
	g_autofree char *escaped = NULL;
	g_auto(GStrv) around = NULL;

	if (strchr(route, '{') == NULL)
		return g_strdup(route);
	id = ctl_word_fold(g_ptr_array_index(ctl->operands, 0));
	escaped = g_uri_escape_string(id, NULL, FALSE);
	around = g_strsplit_set(route, "{}", 3);
	return g_strconcat(around[0], escaped, around[2], NULL);
}

gboolean ctl_record_act(Ctl *ctl, GError **error)
{
	g_autofree char *path = path_of(ctl);
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	g_autoptr(CtlReply) reply = NULL;
	g_autoptr(json_t) document = NULL;
	const char *id;

	reply = body != NULL ? ctl_client_post(ctl->client, path, body, error) : NULL;
	if (reply == NULL)
		return FALSE;
	id = json_string_value(json_object_get(reply->json, "id"));
	if (id != NULL && !ctl->json)
		printf("%s  ", id);
	document = ctl_act_tell(ctl, reply->json, error);
	if (document != NULL && ctl->json)
		ctl_output_json(document);
	return document != NULL;
}
