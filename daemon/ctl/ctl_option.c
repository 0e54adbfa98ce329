/* SPDX-License-Identifier: Apache-2.0
 * Reads the option grammar of the command table. The table is ours, so a misspelt row aborts in
 * the first test that lists the commands. */
#include "daemon/ctl/ctl_option.h"

#include <string.h>

static void copy(char *to, gsize size, const char *from, gsize length)
{
	g_assert(length < size);
	memcpy(to, from, length);
	to[length] = '\0';
}

static void camel_case(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		if (*from == '-')
			*to++ = g_ascii_toupper(*++from);
		else
			*to++ = *from;
	}
	*to = '\0';
}

gboolean ctl_option_next(const char **cursor, CtlOption *ret_option)
{
	const char *at = *cursor + strspn(*cursor, " ");
	gsize length;

	if (*at == '\0')
		return FALSE;
	g_assert(g_str_has_prefix(at, "--"));
	at += 2;
	length = strcspn(at, ":=! ");
	copy(ret_option->name, sizeof ret_option->name, at, length);
	copy(ret_option->field, sizeof ret_option->field, at, length);
	camel_case(ret_option->field);
	at += length;
	if (*at == ':') {
		length = strcspn(++at, "=! ");
		copy(ret_option->field, sizeof ret_option->field, at, length);
		at += length;
	}
	ret_option->meta[0] = '\0';
	if (*at == '=') {
		length = strcspn(++at, "! ");
		copy(ret_option->meta, sizeof ret_option->meta, at, length);
		at += length;
	}
	ret_option->is_required = *at == '!';
	*cursor = at + (*at == '!');
	return TRUE;
}

gboolean ctl_option_find(const char *options, const char *name, CtlOption *ret_option)
{
	const char *cursor = options;
	CtlOption option;

	while (ctl_option_next(&cursor, &option)) {
		if (strcmp(option.name, name) == 0) {
			*ret_option = option;
			return TRUE;
		}
	}
	return FALSE;
}

const char *ctl_option_global(void)
{
	return "--socket=PATH --server=URL --cert=WHAT --key=FILE --cacert=FILE --json --dry-run "
	       "--no-input --confirm=CARD --pin-fd=N --help "
	       "--version --list-commands";
}
