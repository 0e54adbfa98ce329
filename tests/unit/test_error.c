/* SPDX-License-Identifier: Apache-2.0
 * The table of errors, and errors that carry both languages. */
#include <errno.h>
#include <libintl.h>
#include <string.h>

#include "daemon/base/config.h"
#include "daemon/base/error.h"
#include "pkcs11/message.h"

static gboolean is_japanese(const char *text)
{
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		if (g_utf8_get_char(p) >= 0x3041)
			return TRUE;
	return FALSE;
}

static gboolean is_english(const char *text)
{
	return *text != '\0' && g_str_is_ascii(text);
}

static void test_table(void)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	for (int i = 0; i < _ERROR_CODE_MAX; i++) {
		ErrorCode code = (ErrorCode) i;

		g_assert_nonnull(error_name(code));
		g_assert_true(g_hash_table_add(names, (gpointer) error_name(code)));
		g_assert_true(is_english(error_name(code)));
		g_assert_true(is_english(error_title_en(code)));
		g_assert_true(is_japanese(error_title_ja(code)));
		g_assert_cmpint(error_exit(code), >=, 1);
		g_assert_cmpint(error_exit(code), <=, 8);
		g_assert_cmpint(error_exit(code), !=, 7); /* opcardctl's own: daemon unreachable */
		g_assert_true((error_http(code) >= 400 && error_http(code) <= 599) ||
			      code == ERROR_PARTLY);
	}
}

/* The exit codes are a promise. */
static void test_promised_codes(void)
{
	static const struct {
		ErrorCode code;
		int http;
		int exit;
	} rows[] = {
		{ ERROR_INTERNAL, 500, 1 }, { ERROR_USAGE, 400, 2 },     { ERROR_INPUT, 422, 2 },
		{ ERROR_DENIED, 403, 3 },   { ERROR_NOT_FOUND, 404, 4 }, { ERROR_STATE, 409, 5 },
		{ ERROR_RULE, 409, 5 },     { ERROR_EXISTS, 409, 5 },    { ERROR_CARD, 422, 6 },
		{ ERROR_READER, 503, 6 },   { ERROR_PIN, 422, 6 },       { ERROR_PARTLY, 207, 8 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_assert_cmpint(error_http(rows[i].code), ==, rows[i].http);
		g_assert_cmpint(error_exit(rows[i].code), ==, rows[i].exit);
	}
}

static void test_set(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(error_set(&error, ERROR_NOT_FOUND, "no %s for %d", "such thing", 7));
	g_assert_error(error, ERROR_DOMAIN, ERROR_NOT_FOUND);
	g_assert_cmpstr(error->message, ==, "no such thing for 7");
	g_assert_cmpstr(error_ja(error), ==, "no such thing for 7"); /* not in the catalogue */
	g_assert_cmpint(error_code(error), ==, ERROR_NOT_FOUND);
	g_assert_false(error_set(NULL, ERROR_NOT_FOUND, "nobody listens"));
}

static void test_foreign(void)
{
	g_autoptr(GError) error = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOSPC, "no space");

	g_assert_cmpint(error_code(error), ==, ERROR_INTERNAL);
	g_assert_cmpstr(error_ja(error), ==, "no space");
}

/* A job keeps a copy of its error; the first one may be gone by then. */
static void test_copy(void)
{
	GError *error = NULL;
	g_autoptr(GError) copy = NULL;

	error_set(&error, ERROR_RULE, N_("there is no staff number %s"), "012345");
	copy = g_error_copy(error);
	g_error_free(error);
	g_assert_cmpint(error_code(copy), ==, ERROR_RULE);
	g_assert_nonnull(strstr(copy->message, "012345"));
	g_assert_nonnull(strstr(error_ja(copy), "012345"));
}

static gboolean has_catalogue(void)
{
	return strcmp(gettext("Denied"), "Denied") != 0 ||
	       strcmp(gettext("there is no staff number %s"), "there is no staff number %s") != 0;
}

static void test_japanese(void)
{
	g_autoptr(GError) set = NULL;
	g_autoptr(GError) loaded = NULL;

	if (!has_catalogue()) {
		g_test_message("the catalogue has no messages of opcardd yet");
		return;
	}
	error_set(&set, ERROR_NOT_FOUND, N_("there is no staff number %s"), "012345");
	g_assert_true(is_japanese(error_ja(set)));
	g_assert_nonnull(strstr(error_ja(set), "012345"));
	g_assert_true(is_english(set->message));
	/* An error made deep in a room. */
	g_assert_null(config_load("/nonexistent/opcardd.conf", &loaded));
	g_assert_true(is_japanese(error_ja(loaded)));
	g_assert_true(g_str_is_ascii(loaded->message));
}

int main(int argc, char **argv)
{
	message_init_japanese();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/error/table", test_table);
	g_test_add_func("/error/promised-codes", test_promised_codes);
	g_test_add_func("/error/set", test_set);
	g_test_add_func("/error/foreign", test_foreign);
	g_test_add_func("/error/copy", test_copy);
	g_test_add_func("/error/japanese", test_japanese);
	return g_test_run();
}
