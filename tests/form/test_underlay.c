/* SPDX-License-Identifier: Apache-2.0
 * Damaged official forms: each is taken or refused with a reason, never a crash. The seed is a form
 * of our own; its number generator starts the same each time. */
#include <string.h>

#include "forms/form_file.h"
#include "forms/render.h"

#ifdef __SANITIZE_ADDRESS__
/* See test_render.c; qpdf's C interface loses nothing. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:FcInitLoadConfigAndFonts\nleak:cairo_surface_finish\n";
}

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "fast_unwind_on_malloc=0";
}
#endif

#define COPIES 60

static const EraDate now = { 2026, 11, 21, 10, 0, 0 };
static const char plain[] = "[様式]\n種別=文書\n表題=届\n[本文]\n左|官製\n";
static const char filled[] =
	"[様式]\n種別=文書\n表題=届\n下絵=あり\n[本文]\n位置|60 100 50|{氏名}\n";

static Form *form_of(const char *text)
{
	g_autoptr(GError) error = NULL;
	Form *form = form_file_read("f", text, strlen(text), &error);

	g_assert_no_error(error);
	return form;
}

static void damage(guint8 *bytes, gsize n, GRand *dice)
{
	guint times = (guint) g_rand_int_range(dice, 1, 12);

	for (guint i = 0; i < times; i++) {
		gsize at = (gsize) g_rand_int_range(dice, 0, (gint32) n);

		bytes[at] = g_rand_boolean(dice) ? (guint8) g_rand_int_range(dice, 0, 256)
						 : (guint8) "0 /<>[]()Rj"[at % 11];
	}
}

static void test_damaged(void)
{
	g_autoptr(Form) official = form_of(plain), form = form_of(filled);
	g_autoptr(GError) none = NULL;
	g_autoptr(GBytes) seed = render_pdf(official, NULL, &now, NULL, &none);
	GRand *dice = g_rand_new_with_seed(20261121);
	guint taken = 0;
	gsize n = 0;
	const void *data;

	g_assert_no_error(none);
	data = g_bytes_get_data(seed, &n);
	for (int i = 0; i < COPIES; i++) {
		guint8 *bytes = g_memdup2(data, n);
		g_autoptr(GBytes) damaged = NULL, pdf = NULL;
		g_autoptr(GError) error = NULL;
		RenderFiles files = { NULL, NULL };

		if (i > 0)
			damage(bytes, n, dice);
		damaged = g_bytes_new_take(bytes, n);
		files.underlay = damaged;
		pdf = render_pdf(form, NULL, &now, &files, &error);
		g_assert_true((pdf == NULL) == (error != NULL));
		g_assert_true(i > 0 || pdf != NULL);
		taken += pdf != NULL;
	}
	g_rand_free(dice);
	g_assert_cmpuint(taken, >, 0);
	g_assert_cmpuint(taken, <, COPIES);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/underlay/damaged", test_damaged);
	return g_test_run();
}
