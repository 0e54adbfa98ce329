/* SPDX-License-Identifier: Apache-2.0
 * The forms rendered in this process, outside the cage: only here can the leak checker look at the
 * code that draws. */
#include <string.h>

#include "forms/data.h"
#include "forms/form_file.h"
#include "forms/render.h"

#ifdef __SANITIZE_ADDRESS__
/* fontconfig 2.14 loses a pattern while it reads its configuration, cairo 1.16 an array for every
 * OpenType (CFF) font it subsets. Both lie deep in libraries without frame pointers. */
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

static const char data[] =
	"{\"values\":{\"団体名\":\"鳥取県\",\"作成日時\":\"2026-11-21T10:00:00+09:00\"},"
	"\"rows\":[{\"name\":\"辻󠄀 花子\",\"card\":\"OP000001\"},"
	"{\"name\":\"𠮷田 京\",\"card\":\"OP000002\"}],"
	"\"tables\":{\"経過\":[],\"照合結果\":[],\"不一致\":[],\"カードの状況\":[],"
	"\"所属別\":[{\"section\":\"会計課\",\"count\":\"3\"},{\"section\":\"税務課\"}],"
	"\"条項別\":[{\"content\":\"辻󠄀 "
	"花子\"}],\"指摘事項\":[],\"運用の状況\":[],\"月別\":[],"
	"\"事故等\":[],\"操作履歴\":[]}}";

static void render(gconstpointer path)
{
	static const EraDate now = { 2026, 11, 21, 10, 0, 0 };
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) form = NULL;
	g_autoptr(Data) rows = data_read("data", data, strlen(data), &error);
	gsize n = 0;

	g_assert_no_error(error);
	g_assert_true(g_file_get_contents(path, &text, &n, &error));
	form = form_file_read(path, text, n, &error);
	g_assert_no_error(error);
	for (int i = 0; i < 2; i++) {
		g_autoptr(GBytes) pdf = render_pdf(form, i == 0 ? NULL : rows, &now, NULL, &error);

		g_assert_no_error(error);
		g_assert_true(g_str_has_prefix(g_bytes_get_data(pdf, NULL), "%PDF-1."));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (int i = 1; i < argc; i++) {
		g_auto(GStrv) parts = g_strsplit(argv[i], "/forms/", -1);
		g_autofree char *name =
			g_strconcat("/render/", parts[g_strv_length(parts) - 1], NULL);

		g_test_add_data_func(name, argv[i], render);
	}
	return g_test_run();
}
