/* SPDX-License-Identifier: Apache-2.0
 * The language of messages: this program is copied beside a catalogue of one message and asked
 * under different locales. */
#include <glib.h>
#include <glib/gstdio.h>
#include <libintl.h>
#include <stdio.h>
#include <string.h>

#include "pkcs11/message.h"

#define HEADER "Content-Type: text/plain; charset=UTF-8\n"

/* The smallest .mo file: two messages, sorted, no hash table. */
static void write_catalogue(const char *path)
{
	static const char *const strings[] = { "", "hello", HEADER, "こんにちは" };
	g_autoptr(GByteArray) file = g_byte_array_new();
	guint32 header[7] = { 0x950412de, 0, 2, 28, 44, 0, 28 };
	guint32 offset = 28 + 4 * 8;

	g_byte_array_append(file, (const guint8 *) header, sizeof header);
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++) {
		guint32 entry[2] = { (guint32) strlen(strings[i]), offset };

		g_byte_array_append(file, (const guint8 *) entry, sizeof entry);
		offset += entry[0] + 1;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		g_byte_array_append(file, (const guint8 *) strings[i],
				    (guint) strlen(strings[i]) + 1);
	g_assert_true(
		g_file_set_contents(path, (const char *) file->data, (gssize) file->len, NULL));
}

typedef struct House {
	char *root;
	char *program;
} House;

static House build_house(void)
{
	House house = { .root = g_dir_make_tmp("opcard-message-XXXXXX", NULL) };
	g_autofree char *folder =
		g_build_filename(house.root, "daemon", "po", "ja", "LC_MESSAGES", NULL);
	g_autofree char *catalogue = g_build_filename(folder, "opcard.mo", NULL);
	g_autofree char *bin = g_build_filename(house.root, "bin", NULL);
	g_autofree char *bytes = NULL;
	gsize length;

	house.program = g_build_filename(bin, "speak", NULL);
	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_cmpint(g_mkdir(bin, 0700), ==, 0);
	write_catalogue(catalogue);
	g_assert_true(g_file_get_contents("/proc/self/exe", &bytes, &length, NULL));
	g_assert_true(g_file_set_contents_full(house.program, bytes, (gssize) length,
					       G_FILE_SET_CONTENTS_NONE, 0700, NULL));
	return house;
}

static void remove_house(House *house)
{
	static const char *const names[] = { "daemon/po/ja/LC_MESSAGES/opcard.mo",
					     "daemon/po/ja/LC_MESSAGES",
					     "daemon/po/ja",
					     "daemon/po",
					     "daemon",
					     "bin/speak",
					     "bin",
					     "." };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(house->root, names[i], NULL);
		g_autofree char *clean = g_canonicalize_filename(path, NULL);

		g_assert_cmpint(g_remove(clean), ==, 0);
	}
	g_free(house->root);
	g_free(house->program);
}

static void assert_says(const House *house, const char *mode, const char *setting,
			const char *expected)
{
	char *argv[] = { house->program, (char *) mode, NULL };
	g_auto(GStrv) environment = g_strsplit(setting, " ", -1);
	g_autofree char *output = NULL;
	int status = -1;

	g_assert_true(g_spawn_sync(NULL, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &output,
				   NULL, &status, NULL));
	g_assert_cmpint(status, ==, 0);
	g_assert_cmpstr(output, ==, expected);
}

static void test_languages(void)
{
	House house = build_house();

	assert_says(&house, "--speak", "LANG=ja_JP.UTF-8", "こんにちは");
	assert_says(&house, "--speak", "LC_ALL=ja_JP.eucJP", "こんにちは");
	assert_says(&house, "--speak", "LANG=C LC_MESSAGES=ja", "こんにちは");
	assert_says(&house, "--speak", "LANG=C.UTF-8", "hello");
	assert_says(&house, "--speak", "LANG=C", "hello");
	assert_says(&house, "--speak", "LANG=de_DE.UTF-8", "hello");
	assert_says(&house, "--speak", "LANG=jam_JM.UTF-8", "hello");
	assert_says(&house, "--speak", "LC_ALL=C.UTF-8 LANG=ja_JP.UTF-8", "hello");
	assert_says(&house, "--speak", "LANG=ja_JP.UTF-8 LANGUAGE=en", "hello");
	assert_says(&house, "--speak-japanese", "LANG=C", "こんにちは");
	assert_says(&house, "--speak-japanese", "LC_ALL=C LANGUAGE=en", "こんにちは");
	remove_house(&house);
}

int main(int argc, char **argv)
{
	if (argc == 2 && g_str_has_prefix(argv[1], "--speak")) {
		if (strcmp(argv[1], "--speak") == 0)
			message_init();
		else
			message_init_japanese();
		(void) fputs(gettext("hello"), stdout);
		return 0;
	}
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card/message/languages", test_languages);
	return g_test_run();
}
