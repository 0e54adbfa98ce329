/* SPDX-License-Identifier: Apache-2.0
 * Choosing locale and catalogue. glibc translates under C.UTF-8 when LANGUAGE names a language (not
 * under plain C), so Japanese works on a machine that has no Japanese locale. */
#include "pkcs11/message.h"

#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DOMAIN "opcard"

/* The folder of the running program, without a slash at the end. */
static int own_folder(char ret_folder[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", ret_folder, PATH_MAX - 1);
	char *slash;

	if (length <= 0)
		return 0;
	ret_folder[length] = '\0';
	slash = strrchr(ret_folder, '/');
	if (slash == NULL)
		return 0;
	*slash = '\0';
	return 1;
}

static int is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void bind_catalogue(void)
{
	static const char *const places[] = { "daemon/po", "../daemon/po", "../../daemon/po" };
	char folder[PATH_MAX];
	char path[PATH_MAX + 32];
	const char *chosen = OPCARD_LOCALEDIR;

	if (own_folder(folder)) {
		for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
			(void) snprintf(path, sizeof path, "%s/%s", folder, places[i]);
			if (is_folder(path)) {
				chosen = path;
				break;
			}
		}
	}
	(void) bindtextdomain(DOMAIN, chosen);
	(void) bind_textdomain_codeset(DOMAIN, "UTF-8");
	(void) textdomain(DOMAIN);
}

/* The locale asked for, in POSIX's order; "" if none. */
static const char *wanted_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return "";
}

static int is_japanese(const char *locale)
{
	return strncmp(locale, "ja", 2) == 0 &&
	       (locale[2] == '\0' || locale[2] == '_' || locale[2] == '.' || locale[2] == '@');
}

void message_init(void)
{
	if (setlocale(LC_ALL, "") == NULL) {
		(void) setlocale(LC_ALL, "C.UTF-8");
		if (is_japanese(wanted_locale()))
			(void) setenv("LANGUAGE", "ja", 0);
	}
	bind_catalogue();
}

void message_init_japanese(void)
{
	(void) setlocale(LC_ALL, "C.UTF-8");
	(void) setenv("LANGUAGE", "ja", 1);
	bind_catalogue();
}
