/* SPDX-License-Identifier: Apache-2.0
 * Path attributes are separated by ";", query attributes by "&"; unknown ones are an error, so that
 * no restriction is overlooked. */
#include "daemon/ctl/ctl_uri.h"

#include <string.h>

#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"

#define SCHEME "pkcs11:"

void ctl_uri_free(CtlUri *uri)
{
	if (uri == NULL)
		return;
	g_free(uri->token);
	g_free(uri->serial);
	g_free(uri->object);
	g_free(uri->module);
	g_clear_pointer(&uri->id, g_bytes_unref);
	g_free(uri);
}

static char **text_of(CtlUri *uri, const char *name)
{
	if (strcmp(name, "token") == 0)
		return &uri->token;
	if (strcmp(name, "serial") == 0)
		return &uri->serial;
	if (strcmp(name, "object") == 0)
		return &uri->object;
	return strcmp(name, "module-path") == 0 ? &uri->module : NULL;
}

static gboolean take(CtlUri *uri, const char *name, const char *value, GError **error)
{
	char **text = text_of(uri, name);
	g_autoptr(GBytes) bytes = g_uri_unescape_bytes(value, -1, NULL, NULL);

	if (g_str_has_prefix(name, "pin-"))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("A PIN does not belong into --cert, where others can "
					  "read it; it is asked for, or use --pin-fd N."));
	if (strcmp(name, "type") == 0 && strcmp(value, "cert") == 0)
		return TRUE;
	if (bytes == NULL || (text == NULL && strcmp(name, "id") != 0))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("--cert: \"%s\" is not known in a pkcs11: URI; known are "
					  "token, serial, object, id and module-path."),
				       name);
	if (text == NULL) {
		g_clear_pointer(&uri->id, g_bytes_unref);
		uri->id = g_steal_pointer(&bytes);
		return TRUE;
	}
	g_free(*text);
	*text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	return TRUE;
}

CtlUri *ctl_uri_parse(const char *text, GError **error)
{
	g_autoptr(CtlUri) uri = g_new0(CtlUri, 1);
	g_auto(GStrv) parts = g_strsplit_set(text + strlen(SCHEME), ";?&", -1);

	for (char **part = parts; *part != NULL; part++) {
		char *equals = strchr(*part, '=');

		if (**part == '\0')
			continue;
		if (equals != NULL)
			*equals = '\0';
		if (!take(uri, *part, equals != NULL ? equals + 1 : "", error))
			return NULL;
	}
	return g_steal_pointer(&uri);
}
