/* SPDX-License-Identifier: Apache-2.0
 * gettext is set to Japanese for the whole process and skipped for English users: so both texts of
 * a problem can be written, and ja_JP.UTF-8 need not be installed. */
#include "daemon/ctl/ctl_lang.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

#define DOMAIN    "opcard"
#define CATALOGUE "ja/LC_MESSAGES/" DOMAIN ".mo"

static gboolean is_ja;

static const char *environment_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = g_getenv(names[i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return "C";
}

static gboolean wants_japanese(void)
{
	const char *locale = environment_locale();
	const char *language = g_getenv("LANGUAGE");

	if (strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0 ||
	    g_str_has_prefix(locale, "C."))
		return FALSE;
	return g_str_has_prefix(language != NULL && *language != '\0' ? language : locale, "ja");
}

/* Where meson leaves it in a build folder, else where it is installed. */
static char *catalogue_folder(void)
{
	static const char *const beside[] = { "daemon/po", "po" };
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = program != NULL ? g_path_get_dirname(program) : g_strdup(".");

	for (gsize i = 0; i < G_N_ELEMENTS(beside); i++) {
		g_autofree char *po = g_build_filename(folder, beside[i], NULL);
		g_autofree char *file = g_build_filename(po, CATALOGUE, NULL);

		if (g_file_test(file, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&po);
	}
	return g_strdup(OPCARD_LOCALEDIR);
}

void ctl_lang_init(void)
{
	g_autofree char *folder = catalogue_folder();

	is_ja = wants_japanese();
	if (setlocale(LC_ALL, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		(void) setlocale(LC_ALL, "C.UTF-8");
	if (strcmp(setlocale(LC_MESSAGES, NULL), "C") == 0)
		(void) setlocale(LC_MESSAGES, "C.UTF-8");
	(void) g_setenv("LANGUAGE", "ja", TRUE);
	(void) bindtextdomain(DOMAIN, folder);
	(void) bind_textdomain_codeset(DOMAIN, "UTF-8");
	(void) textdomain(DOMAIN);
}

gboolean ctl_lang_is_ja(void)
{
	return is_ja;
}

const char *ctl_lang_ja(const char *msgid)
{
	return *msgid == '\0' ? msgid : gettext(msgid);
}

const char *ctl_lang_text(const char *msgid)
{
	return is_ja ? ctl_lang_ja(msgid) : msgid;
}

const char *ctl_lang_pick(const json_t *object, const char *en_key, const char *ja_key)
{
	const char *en = json_string_value(json_object_get(object, en_key));
	const char *ja = json_string_value(json_object_get(object, ja_key));

	return (is_ja && ja != NULL) || en == NULL ? ja : en;
}
