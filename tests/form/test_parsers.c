/* SPDX-License-Identifier: Apache-2.0
 * Thousands of damaged forms and data: each is taken or refused with a reason, never a crash.
 * Under the sanitizers this is the fuzzer of both parsers; the seed is fixed. */
#include <string.h>

#include "forms/data.h"
#include "forms/form_file.h"

static const char data_seed[] =
	"{\"values\":{\"団体名\":\"鳥取県\",\"受領日\":\"2026-11-21\",\"作成日時\":null},"
	"\"rows\":[{\"issuedOn\":\"2026-04-01\",\"name\":\"辻\\uDB40\\uDD00 "
	"花子\",\"card\":\"OP1\"},"
	"{\"name\":null,\"reason\":\"\\u0009\\n\"}],"
	"\"tables\":{\"経過\":[{\"at\":\"2026-11-21\",\"content\":\"x\"},{}],\"空\":[]}}";

#define FORMS 1200 /* damaged copies of each form */

static GRand *dice;

static void damage(GByteArray *bytes)
{
	guint times = (guint) g_rand_int_range(dice, 1, 6);

	for (guint i = 0; i < times && bytes->len > 2; i++) {
		guint at = (guint) g_rand_int_range(dice, 0, (gint32) bytes->len - 1);
		guint n = (guint) g_rand_int_range(dice, 1, 40);

		n = MIN(n, bytes->len - at);
		switch (g_rand_int_range(dice, 0, 4)) {
		case 0:
			bytes->data[at] = (guint8) g_rand_int_range(dice, 0, 256);
			break;
		case 1:
			g_byte_array_remove_range(bytes, at, n);
			break;
		case 2:
			g_byte_array_append(bytes, bytes->data + at, n);
			break;
		default:
			bytes->data[at] = (guint8) "|[]{}=:*\"\\\n,"[at % 12];
			break;
		}
	}
}

static GByteArray *damaged(const char *seed, gsize n)
{
	GByteArray *bytes = g_byte_array_sized_new((guint) n + 512);

	g_byte_array_append(bytes, (const guint8 *) seed, (guint) n);
	/* No reallocation while a piece of the array is appended to it. */
	g_byte_array_set_size(bytes, (guint) n + 400);
	g_byte_array_set_size(bytes, (guint) n);
	damage(bytes);
	return bytes;
}

static void try_form(gconstpointer path)
{
	g_autofree char *seed = NULL;
	gsize n = 0;
	guint taken = 0;

	g_assert_true(g_file_get_contents(path, &seed, &n, NULL));
	for (int i = 0; i < FORMS; i++) {
		g_autoptr(GByteArray) bytes = damaged(seed, n);
		g_autoptr(GError) error = NULL;
		g_autoptr(Form) form =
			form_file_read("f", (const char *) bytes->data, bytes->len, &error);

		g_assert_true((form == NULL) == (error != NULL));
		taken += form != NULL;
	}
	g_assert_cmpuint(taken, >, 0);
	g_assert_cmpuint(taken, <, FORMS);
}

static void try_data(void)
{
	guint taken = 0;

	for (int i = 0; i < 8000; i++) {
		g_autoptr(GByteArray) bytes = damaged(data_seed, strlen(data_seed));
		g_autoptr(GError) error = NULL;
		g_autoptr(Data) data =
			data_read("d", (const char *) bytes->data, bytes->len, &error);

		g_assert_true((data == NULL) == (error != NULL));
		taken += data != NULL;
	}
	g_assert_cmpuint(taken, >, 0);
	g_assert_cmpuint(taken, <, 8000);
}

int main(int argc, char **argv)
{
	int result;

	g_test_init(&argc, &argv, NULL);
	dice = g_rand_new_with_seed(20261121);
	for (int i = 1; i < argc; i++) {
		g_auto(GStrv) parts = g_strsplit(argv[i], "/forms/", -1);
		g_autofree char *test =
			g_strconcat("/parsers/form/", parts[g_strv_length(parts) - 1], NULL);

		g_test_add_data_func(test, argv[i], try_form);
	}
	g_test_add_func("/parsers/data", try_data);
	result = g_test_run();
	g_rand_free(dice);
	return result;
}
