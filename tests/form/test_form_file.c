/* SPDX-License-Identifier: Apache-2.0
 * What office staff may save, and what they are told where it is wrong. */
#include <string.h>

#include "forms/form_error.h"
#include "forms/form_file.h"

static const char good[] = "[様式]\n"
			   "種別 = 一覧表\n"
			   "標記 = 様式第３号\n"
			   "表題 = 発行簿\n"
			   "用紙 = A4 横\n"
			   "余白 = 上15 右12 下14 左20\n"
			   "行高 = 8.5\n"
			   "左下 = {団体名}\n"
			   "[列]\n"
			   "発行日 | 発行日 | 22 | 中 | 和暦短\n"
			   "貸与者／氏名 | 氏名 | 30 | 左 | 縮小\n"
			   "理 由 | 理由 | * | 左 |\n";

static char *replaced(const char *from, const char *to)
{
	g_auto(GStrv) parts = g_strsplit(good, from, -1);

	g_assert_cmpuint(g_strv_length(parts), >, 1);
	return g_strjoinv(to, parts);
}

static Form *read_form(const char *text, gsize length)
{
	g_autoptr(GError) error = NULL;
	Form *form = form_file_read("f.form", text, length, &error);

	g_assert_no_error(error);
	return form;
}

static void assert_good(const char *text, gsize length)
{
	g_autoptr(Form) form = read_form(text, length);

	g_assert_cmpint(form->kind, ==, FORM_REGISTER);
	g_assert_cmpstr(form->label, ==, "様式第３号");
	g_assert_cmpfloat_with_epsilon(form->row_height, FORM_POINTS(8.5), 1e-9);
	g_assert_cmpfloat_with_epsilon(form->width, FORM_POINTS(297), 1e-9);
	g_assert_cmpfloat_with_epsilon(form->right, FORM_POINTS(12), 1e-9);
	g_assert_cmpuint(form->n_columns, ==, 3);
	g_assert_cmpint(form->column[0].date, ==, ERA_SHORT);
	g_assert_cmpstr(form->column[1].group, ==, "貸与者");
	g_assert_cmpstr(form->column[1].head, ==, "氏名");
	g_assert_true(form->column[1].squeeze);
	g_assert_cmpstr(form->column[2].head, ==, "理 由");
	g_assert_cmpint(form->column[2].field, ==, FIELD_REASON);
	g_assert_cmpfloat_with_epsilon(form->column[2].width, FORM_POINTS(297 - 20 - 12 - 52),
				       1e-6);
}

static void test_good(void)
{
	assert_good(good, strlen(good));
}

static void test_bom_and_crlf(void)
{
	g_autofree char *crlf = replaced("\n", "\r\n");
	g_autofree char *bom = g_strconcat("\xEF\xBB\xBF", crlf, NULL);

	assert_good(crlf, strlen(crlf));
	assert_good(bom, strlen(bom));
}

static void test_cp932(void)
{
	gsize n = 0;
	g_autofree char *sjis = g_convert(good, -1, "CP932", "UTF-8", NULL, &n, NULL);

	g_assert_nonnull(sjis);
	assert_good(sjis, n);
}

static void test_typed_full_width(void)
{
	g_autofree char *text = replaced("行高 = 8.5", "　行高　＝　８．５");
	g_autofree char *bars = NULL;
	g_auto(GStrv) parts = g_strsplit(text, "|", -1);

	bars = g_strjoinv("｜", parts);
	assert_good(text, strlen(text));
	assert_good(bars, strlen(bars));
}

/* clang-format off */
static const struct {
	const char *from, *to;
	const char *says[3];
} wrong[] = {
	{ "行高 = 8.5", "行髙 = 8.5",
	  { "f.form:7: 知らない項目「行髙」（「行高」のことですか）", "/ f.form:7: unknown key \"行髙\" (did you mean \"行高\"?)" } },
	{ "行高 = 8.5", "まったく別 = 8.5", { "f.form:7: 知らない項目「まったく別」 / " } },
	{ "行高 = 8.5", "行高 8.5", { "f.form:7: 「項目 = 値」の形ではありません" } },
	{ "行高 = 8.5", "行高 = 高い", { "f.form:7: 数値ではありません「高い」" } },
	{ "行高 = 8.5", "行高 = 900", { "f.form:7: 「900」は 3 から 60 まで" } },
	{ "行高 = 8.5", "行高 = nan", { "f.form:7: 数値ではありません" } },
	{ "行高 = 8.5", "用紙 = A4 縦", { "f.form:7: 「用紙」は 5 行目にもあります" } },
	{ "A4 横", "A9 横", { "f.form:5: 「用紙」は A3" } },
	{ "上15 ", "", { "f.form:6: 余白は" } },
	{ "上15 ", "上100 ", { "f.form:6: 余白は" } },
	{ "{団体名}", "{団休名}", { "f.form:8: 知らない項目「団休名」（「団体名」のことですか）" } },
	{ "{団体名}", "{団体名", { "f.form:8: 「{項目}」の形ではありません" } },
	{ "{団体名}", "{出力日時:和歴}", { "f.form:8: 知らない表示形式「和歴」" } },
	{ "[列]", "[列", { "f.form:9: 「]」で終わっていません" } },
	{ "[列]", "[烈]", { "f.form:9: 知らない項目「烈」" } },
	{ "| 氏名 |", "| 氏明 |", { "f.form:11: 知らない項目「氏明」（「氏名」のことですか）" } },
	{ "| 左 | 縮小", "| 下 | 縮小", { "f.form:11: 寄せは" } },
	{ "| 左 | 縮小", "| 左 | 縮少", { "f.form:11: 知らない表示形式「縮少」" } },
	{ "| 30 |", "| 広い |", { "f.form:11: 幅: 数値ではありません" } },
	{ "| 30 |", "| 300 |", { "f.form:9: 列の幅の合計が用紙に入りません" } },
	{ "理 由 | 理由 | * | 左 |", "理 由 | 理由", { "f.form:12: 列は「見出し" } },
	{ "| 30 |", "| 2 |", { "f.form:11: 幅: 「2」は 4 から 400 まで" } },
	{ "行高 = 8.5", "押印 = あれば", { "f.form:7: 「押印」は あり・なし のどれか" } },
	{ "行高 = 8.5", "字形なし = 印字", { "f.form:7: 「字形なし」は 〓・断る のどれか" } },
	{ "行高 = 8.5", "しおり = 課", { "f.form:7: 「しおり」は 年度・所属・なし のどれか" } },
	{ "[列]\n", "[表 あ]\nx | 氏名 | * | 左\n[列]\n", { "一覧表には [列] だけ" } },
	{ "[列]\n", "[表]\n[列]\n", { "f.form:9: [表 名前] は名前を変えて" } },
	{ "[列]\n", "[表題]\n[列]\n", { "f.form:9: 知らない項目「表題」" } },
	{ "種別 = 一覧表\n", "", { "「種別」と「表題」が要ります" } },
	{ "種別 = 一覧表", "種別 = 文書", { "[本文] がありません" } },
	{ "[様式]\n", "", { "f.form:1: 最初に [様式] が要ります" } },
};
/* clang-format on */

static void test_wrong(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autofree char *text = replaced(wrong[i].from, wrong[i].to);
		g_autoptr(GError) error = NULL;
		g_autoptr(Form) form = form_file_read("f.form", text, strlen(text), &error);

		g_assert_null(form);
		g_assert_error(error, FORM_ERROR, FORM_ERROR_INPUT);
		for (guint j = 0; wrong[i].says[j] != NULL; j++) {
			g_test_message("%s: %s", wrong[i].to, error->message);
			g_assert_nonnull(strstr(error->message, wrong[i].says[j]));
		}
	}
}

static void test_bytes_of_no_encoding(void)
{
	static const char text[] = "[様式]\n種別 = \x85\xFF\xFD\n";
	static const char zero[] = "[様式]\n\0";
	g_autoptr(GError) error = NULL, other = NULL;

	g_assert_null(form_file_read("f.form", text, strlen(text), &error));
	g_assert_error(error, FORM_ERROR, FORM_ERROR_INPUT);
	g_assert_nonnull(strstr(error->message, "CP932"));
	g_assert_null(form_file_read("f.form", zero, sizeof zero, &other));
	g_assert_error(other, FORM_ERROR, FORM_ERROR_INPUT);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/form-file/good", test_good);
	g_test_add_func("/form-file/bom-and-crlf", test_bom_and_crlf);
	g_test_add_func("/form-file/cp932", test_cp932);
	g_test_add_func("/form-file/typed-full-width", test_typed_full_width);
	g_test_add_func("/form-file/wrong", test_wrong);
	g_test_add_func("/form-file/bytes-of-no-encoding", test_bytes_of_no_encoding);
	return g_test_run();
}
