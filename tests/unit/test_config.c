/* SPDX-License-Identifier: Apache-2.0
 * The configuration: what is misspelt is refused with file and line, what comes later wins, and
 * policies hold from their date on. */
#include <glib/gstdio.h>
#include <string.h>

#include "daemon/base/config.h"
#include "daemon/base/error.h"
#include "tests/unit/unit_folder.h"

typedef struct Place {
	char *folder;
} Place;

static void set_up(Place *place, gconstpointer data)
{
	(void) data;
	place->folder = unit_folder_new();
}

static void tear_down(Place *place, gconstpointer data)
{
	(void) data;
	unit_folder_remove(place->folder);
}

static Config *load(Place *place, const char *text)
{
	g_autofree char *path = unit_folder_write(place->folder, "c.conf", text);
	g_autoptr(GError) error = NULL;
	Config *config = config_load(path, &error);

	g_assert_no_error(error);
	return config;
}

/* @text is refused at @line with a message that holds @part. */
static void refuse(Place *place, const char *text, int line, const char *part)
{
	g_autofree char *path = unit_folder_write(place->folder, "c.conf", text);
	g_autofree char *begin = line > 0 ? g_strdup_printf("%s:%d: ", path, line) : g_strdup("");
	g_autoptr(GError) error = NULL;
	Config *config = config_load(path, &error);

	g_assert_null(config);
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_test_message("%s", error->message);
	g_assert_true(g_str_has_prefix(error->message, begin));
	g_assert_nonnull(strstr(error->message, part));
	g_assert_cmpstr(error_ja(error), !=, "");
}

static void test_defaults(Place *place, gconstpointer data)
{
	g_autoptr(Config) config = load(place, "");

	(void) data;
	g_assert_cmpstr(config_text(config, CONFIG_STATE_DIR), ==, "/var/lib/opcard");
	g_assert_cmpint(config_number(config, CONFIG_DEADLINE), ==, 120);
	g_assert_cmpint(config_policy(config, POLICY_PIN_MIN_LENGTH, "2026-11-21"), ==, 6);
	g_assert_cmpint(config_policy(config, POLICY_MISSING_BECOMES_LOST, "2026-11-21"), ==,
			86400);
	g_assert_cmpstr(config_policy_text(config, POLICY_SEPARATION_EXCEPTION, "2026-11-21"), ==,
			"");
	g_assert_cmpuint(config_lines(config)->len, ==, 0);
}

static void test_values(Place *place, gconstpointer data)
{
	g_autoptr(Config) config = load(place, "# comment\r\n"
					       "[organisation]\r\n"
					       "  name =  試験市 = 例  \r\n"
					       "; another\n"
					       "[cards]\n"
					       "readers = dir:/a/reader 1 , ,dir:/b\n"
					       "deadline=2m\n"
					       "[accounts]\n"
					       "uid:1001 = staff:012345\n");
	g_auto(GStrv) readers = config_list(config, CONFIG_READERS);
	const ConfigLine *line = config_lines(config)->pdata[0];

	(void) data;
	g_assert_cmpstr(config_text(config, CONFIG_ORGANISATION), ==, "試験市 = 例");
	g_assert_cmpuint(g_strv_length(readers), ==, 2);
	g_assert_cmpstr(readers[0], ==, "dir:/a/reader 1");
	g_assert_cmpstr(readers[1], ==, "dir:/b");
	g_assert_cmpint(config_number(config, CONFIG_DEADLINE), ==, 120);
	g_assert_cmpstr(line->key, ==, "uid:1001");
	g_assert_cmpstr(line->value, ==, "staff:012345");
	g_assert_cmpint(line->line, ==, 9);
}

static void test_durations(Place *place, gconstpointer data)
{
	static const struct {
		const char *text;
		gint64 seconds;
	} rows[] = {
		{ "90s", 90 }, { "10m", 600 }, { "24h", 86400 }, { "14d", 1209600 }, { "0s", 0 }
	};
	static const char *const bad[] = { "",
					   "10",
					   "10 m",
					   "m",
					   "-1d",
					   "1.5h",
					   "10mm",
					   "１４d",
					   "0x10s",
					   "1w",
					   "10M",
					   "9999999999999d",
					   "99999999999999999999999s" };

	(void) data;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("[cards]\ndeadline = %s\n", rows[i].text);
		g_autoptr(Config) config = load(place, text);

		g_assert_cmpint(config_number(config, CONFIG_DEADLINE), ==, rows[i].seconds);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *text = g_strdup_printf("[cards]\n\ndeadline = %s\n", bad[i]);

		refuse(place, text, 3, "duration");
	}
}

static void test_numbers(Place *place, gconstpointer data)
{
	static const char *const bad[] = { "",   "6x",  "x",
					   "-6", "6.0", "six",
					   "６", "6 7", "99999999999999999999" };

	(void) data;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *text = g_strdup_printf("[policy]\npin-min-length = %s\n", bad[i]);

		refuse(place, text, 2, "administrator:8");
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *text = g_strdup_printf("[policy]\npin-history = %s\n", bad[i]);

		refuse(place, text, 2, "whole number");
	}
}

/* N48: cards of administrators may have stricter figures. */
static void test_numbers_by_kind(Place *place, gconstpointer data)
{
	static const char *const bad[] = {
		"administrator:8",   "6,",    "6, 8",        "6, administrator",
		"6, administrator:", "6, :8", "6, a:7, a:8", "6; a:8"
	};
	g_autoptr(Config) config =
		load(place, "[policy]\npin-min-length = 6, administrator:8,shared:10\n");
	static const struct {
		const char *kind;
		int length;
	} rows[] = { { "operator", 6 }, { "administrator", 8 }, { "shared", 10 }, { NULL, 6 } };

	(void) data;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(
			config_policy_of(config, POLICY_PIN_MIN_LENGTH, rows[i].kind, "2026-11-21"),
			==, rows[i].length);
	g_assert_cmpint(config_policy(config, POLICY_PIN_MIN_LENGTH, "2026-11-21"), ==, 6);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *text = g_strdup_printf("[policy]\npin-min-length = %s\n", bad[i]);

		refuse(place, text, 2, "administrator:8");
	}
}

static void test_refused(Place *place, gconstpointer data)
{
	(void) data;
	refuse(place, "[cards]\nreader = dir:/a\n", 2, "\"reader\"");
	refuse(place, "[daemon]\n\n[card]\nreaders = dir:/a\n", 4, "[card]");
	refuse(place, "[cards]\nname = x\n", 2, "\"name\"");
	refuse(place, "[Cards]\nreaders = x\n", 2, "[Cards]");
	refuse(place, "readers = x\n", 1, "below a [section]");
	refuse(place, "[cards]\nreaders\n", 2, "key = value");
	refuse(place, "[cards\nreaders = x\n", 1, "\"]\"");
	refuse(place, "[policy]\npin-length = 6\n", 2, "\"pin-length\"");
	refuse(place, "[policies]\npin-min-length = 6\n", 2, "[policies]");
	refuse(place, "[policy]\nalgorithms = ec:P-256, rsa:1024\n", 2, "rsa:1024");
	refuse(place, "[policy 2031-01-01]\nalgorithms =\n", 2, "ec:P-384");
	refuse(place, "[policy 2027-02-30]\npin-min-length = 6\n", 2, "[policy 2027-02-30]");
	refuse(place, "[policy 2027-4-1]\npin-min-length = 6\n", 2, "2027-04-01");
	refuse(place, "[policy2027-04-01]\npin-min-length = 6\n", 2, "[policy2027-04-01]");
	refuse(place, "[cards]\nreaders = \xFF\n", 0, "UTF-8");
}

static void test_twice(Place *place, gconstpointer data)
{
	(void) data;
	refuse(place, "[cards]\nreaders = a\nreaders = b\n", 3, "twice");
	refuse(place, "[cards]\nreaders = a\n[daemon]\nlog-level = info\n[cards]\nreaders = a\n", 6,
	       "twice");
	refuse(place, "[accounts]\nuid:1 = staff:1\nuid:1 = staff:2\n", 3, "twice");
}

static void test_missing_file(Place *place, gconstpointer data)
{
	g_autofree char *path = g_build_filename(place->folder, "none.conf", NULL);
	g_autoptr(GError) error = NULL;

	(void) data;
	g_assert_null(config_load(path, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_assert_nonnull(strstr(error->message, "none.conf"));
}

static void test_bom(Place *place, gconstpointer data)
{
	g_autoptr(Config) config = load(place, "\xEF\xBB\xBF[organisation]\nname = 試験市\n");

	(void) data;
	g_assert_cmpstr(config_text(config, CONFIG_ORGANISATION), ==, "試験市");
}

/* Files of the folder in the order of their names, after the main file; other names are not read.
 */
static void test_folder(Place *place, gconstpointer data)
{
	g_autofree char *b =
		unit_folder_write(place->folder, "c.conf.d/20-b.conf",
				  "[organisation]\nname = B\n[cards]\nkey = rsa:2048\n");
	g_autofree char *a = unit_folder_write(place->folder, "c.conf.d/10-a.conf",
					       "[organisation]\nname = A\n[cards]\nfamily = fa\n");
	g_autofree char *other = unit_folder_write(place->folder, "c.conf.d/30-c.conf.bak",
						   "[organisation]\nname = C\n");
	g_autoptr(Config) config =
		load(place, "[organisation]\nname = main\n[cards]\nfamily = fm\ndeadline = 5s\n");
	gboolean is_seen = FALSE;
	ConfigEntry entry;

	(void) data, (void) a, (void) other;
	g_assert_cmpstr(config_text(config, CONFIG_ORGANISATION), ==, "B");
	g_assert_cmpstr(config_text(config, CONFIG_FAMILY), ==, "fa");
	g_assert_cmpstr(config_text(config, CONFIG_CARD_KEY), ==, "rsa:2048");
	g_assert_cmpint(config_number(config, CONFIG_DEADLINE), ==, 5);
	for (guint i = 0; config_entry(config, i, &entry); i++) {
		if (strcmp(entry.section, "organisation") != 0)
			continue;
		is_seen = TRUE;
		g_assert_cmpstr(entry.value, ==, "B");
		g_assert_cmpstr(entry.file, ==, b);
		g_assert_cmpint(entry.line, ==, 2);
	}
	g_assert_true(is_seen);
}

/* An error in a file of the folder names that file. */
static void test_folder_error(Place *place, gconstpointer data)
{
	g_autofree char *main_path = unit_folder_write(place->folder, "c.conf", "");
	g_autofree char *path =
		unit_folder_write(place->folder, "c.conf.d/x.conf", "[cards]\nfamly = x\n");
	g_autofree char *begin = g_strconcat(path, ":2: ", NULL);
	g_autoptr(GError) error = NULL;

	(void) data;
	g_assert_null(config_load(main_path, &error));
	g_assert_true(g_str_has_prefix(error->message, begin));
}

/* A line of [accounts] or [roles] given again by a later file replaces the earlier one: a role
 * taken away in a drop-in must be gone. */
static void test_folder_replaces_free_lines(Place *place, gconstpointer data)
{
	g_autofree char *path = unit_folder_write(
		place->folder, "c.conf.d/x.conf",
		"[accounts]\nuid:1001 = staff:000002\n[roles]\ncustodian = staff:000002\n");
	g_autoptr(Config) config =
		load(place, "[accounts]\nuid:1001 = staff:000001\nuid:1002 = staff:000003\n"
			    "[roles]\ncustodian = staff:000001\n");
	const GPtrArray *lines = config_lines(config);

	(void) data, (void) path;
	g_assert_cmpuint(lines->len, ==, 3);
	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];

		g_assert_cmpstr(line->value, !=, "staff:000001");
	}
}

static void test_dated(Place *place, gconstpointer data)
{
	g_autoptr(Config) config = load(place, "[policy 2028-04-01]\npin-min-length = 10\n"
					       "[policy]\npin-min-length = 7\nreuse = 0\n"
					       "[policy 2027-04-01]\npin-min-length = 8\n"
					       "collect-within = 7d\n");

	(void) data;
	g_assert_cmpint(config_policy(config, POLICY_PIN_MIN_LENGTH, "2020-01-01"), ==, 7);
	g_assert_cmpint(config_policy(config, POLICY_PIN_MIN_LENGTH, "2027-03-31"), ==, 7);
	g_assert_cmpint(config_policy(config, POLICY_PIN_MIN_LENGTH, "2027-04-01"), ==, 8);
	g_assert_cmpint(config_policy(config, POLICY_PIN_MIN_LENGTH, "2028-03-31"), ==, 8);
	g_assert_cmpint(config_policy(config, POLICY_PIN_MIN_LENGTH, "2028-04-01"), ==, 10);
	/* What a later section does not name stays as it was. */
	g_assert_cmpint(config_policy(config, POLICY_REUSE, "2029-01-01"), ==, 0);
	g_assert_cmpint(config_policy(config, POLICY_COLLECT_WITHIN, "2027-03-31"), ==, 14 * 86400);
	g_assert_cmpint(config_policy(config, POLICY_COLLECT_WITHIN, "2029-01-01"), ==, 7 * 86400);
}

static void test_entries(Place *place, gconstpointer data)
{
	g_autoptr(Config) config = load(place, "[accounts]\nuid:1 = staff:1\n");
	ConfigEntry entry = { 0 };
	guint n = 0;

	(void) data;
	while (config_entry(config, n, &entry)) {
		g_assert_nonnull(entry.section);
		g_assert_nonnull(entry.key);
		g_assert_nonnull(entry.value);
		n++;
	}
	g_assert_cmpuint(n, ==, (guint) _CONFIG_KEY_MAX + (guint) _POLICY_KEY_MAX + 1);
	g_assert_cmpstr(entry.key, ==, "uid:1");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add("/config/" name, Place, NULL, set_up, test, tear_down)
	ADD("defaults", test_defaults);
	ADD("values", test_values);
	ADD("durations", test_durations);
	ADD("numbers", test_numbers);
	ADD("N34-N48-numbers-by-kind", test_numbers_by_kind);
	ADD("refused", test_refused);
	ADD("twice", test_twice);
	ADD("missing-file", test_missing_file);
	ADD("bom", test_bom);
	ADD("folder", test_folder);
	ADD("folder-error", test_folder_error);
	ADD("folder-replaces-free-lines", test_folder_replaces_free_lines);
	ADD("dated", test_dated);
	ADD("entries", test_entries);
	return g_test_run();
}
